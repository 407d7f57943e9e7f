// Tries the operations that only read, as the signed-in account.

for (const form of document.querySelectorAll("[data-try]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const output = form.querySelector("pre");
    output.hidden = false;
    output.textContent = "Asking …";
    output.textContent = await ask(address(form));
  });
}

function address(form) {
  let path = form.dataset.try;
  const question = new URLSearchParams();
  for (const input of form.querySelectorAll("input")) {
    if (input.dataset.where === "path") {
      path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    } else if (input.value) {
      question.set(input.name, input.value);
    }
  }
  return question.size ? `${path}?${question}` : path;
}

async function ask(where) {
  try {
    const answer = await fetch(where, { headers: { Accept: "application/json" } });
    const text = await answer.text();
    let shown = text;
    try {
      shown = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      // not JSON: shown as it came
    }
    return `${answer.status} ${answer.statusText}\n${where}\n\n${shown}`;
  } catch (problem) {
    return String(problem);
  }
}
