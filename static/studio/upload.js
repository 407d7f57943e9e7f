// Sends the chosen files one by one, each with its own progress and its own answer,
// so that one bad file loses nothing. Without this script the form sends them together.

const form = document.querySelector("[data-upload]");
const input = form.querySelector("[name=pictures]");
const drop = form.querySelector("[data-drop]");
const list = form.querySelector("[data-list]");
const button = form.querySelector("button");
let chosen = [];

input.addEventListener("change", () => {
  add(input.files);
  input.value = "";
  input.required = chosen.length === 0;
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("drop-over");
  });
}
for (const name of ["dragleave", "drop"]) {
  drop.addEventListener(name, () => drop.classList.remove("drop-over"));
}
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  add(event.dataTransfer.files);
  input.required = chosen.length === 0;
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  const waiting = chosen;
  chosen = [];
  for (const item of waiting) await send(item);
  button.disabled = false;
  input.required = chosen.length === 0;
});

function add(files) {
  for (const file of files) {
    const row = list.appendChild(document.createElement("li"));
    const picture = row.appendChild(document.createElement("canvas"));
    picture.width = 160;
    picture.height = 90;
    const text = row.appendChild(document.createElement("div"));
    text.appendChild(document.createElement("strong")).textContent = file.name;
    const progress = text.appendChild(document.createElement("progress"));
    progress.max = 1;
    progress.value = 0;
    progress.setAttribute("aria-label", `Progress of ${file.name}`);
    const answer = text.appendChild(document.createElement("p"));
    answer.textContent = `${(file.size / 1e6).toFixed(1)} MB, ready`;
    const item = { file, row, progress, answer };
    const remove = row.appendChild(document.createElement("button"));
    remove.type = "button";
    remove.className = "button";
    remove.textContent = "Leave out";
    remove.setAttribute("aria-label", `Leave out ${file.name}`);
    remove.addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== item);
      row.remove();
      input.required = chosen.length === 0;
    });
    item.remove = remove;
    chosen.push(item);
    preview(file, picture);
  }
}

// A canvas, because the page's policy allows no blob: addresses for pictures.
async function preview(file, canvas) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.max(canvas.width / bitmap.width, canvas.height / bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    const [left, top] = [(canvas.width - width) / 2, (canvas.height - height) / 2];
    canvas.getContext("2d").drawImage(bitmap, left, top, width, height);
    bitmap.close();
  } catch {
    canvas.classList.add("no-preview"); // the server says what is wrong with it
  }
}

function send(item) {
  const body = new FormData(form);
  body.delete("pictures");
  body.append("pictures", item.file, item.file.name);
  item.remove.hidden = true;
  item.row.className = "";
  item.answer.textContent = "Sending …";
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) item.progress.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => resolve(answered(item, request)));
    request.addEventListener("error", () => resolve(again(item, "The connection broke.")));
    request.send(body);
  });
}

function answered(item, request) {
  const answer = request.response;
  if (answer?.errors) return again(item, Object.values(answer.errors).flat().join(" "));
  const result = answer?.results?.[0];
  if (!result) return again(item, `The server answered ${request.status}.`);
  item.progress.remove();
  if (result.refusal) {
    item.row.className = "refused";
    item.answer.textContent = result.refusal;
    return undefined;
  }
  item.row.className = "taken";
  item.answer.textContent = "Taken in, waiting for review. ";
  const link = item.answer.appendChild(document.createElement("a"));
  link.href = result.address;
  link.textContent = "Annotate";
  if (result.alike.length) {
    const numbers = result.alike.map((number) => `№ ${number}`).join(", ");
    item.answer.append(` It looks like ${numbers}.`);
  }
  return undefined;
}

// What failed for no fault of the file stays chosen, to be sent again.
function again(item, words) {
  item.row.className = "refused";
  item.answer.textContent = `${words} Press “Upload” to send it again.`;
  item.progress.value = 0;
  item.remove.hidden = false;
  chosen.push(item);
}
