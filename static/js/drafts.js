// Keeps what was typed into a form marked data-keep while it is on its way. If it does not arrive
// (signed out meanwhile, open too long, something broke), the form has it again when it is opened
// next; anything else that is opened first lets it go. It stays in this tab.

const KEY = "draft";
const form = document.querySelector("form[data-keep]");
const draft = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
const onTheWay = document.body.matches(".on-entrance"); // signing in, to come back
// The server took it, or shows what was typed together with what is wrong with it.
const answered = document.querySelector(".note-success, form[data-keep] :is([role=alert], .errorlist)");

if (draft && form && draft.path === location.pathname && !answered) restore();
else if (!onTheWay) sessionStorage.removeItem(KEY);

form?.addEventListener("submit", () => {
  const fields = [...new FormData(form)].filter(
    ([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string",
  );
  sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, fields }));
});

function restore() {
  for (const field of form.elements) {
    const values = draft.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length && field.type !== "hidden") field.value = values[0];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const note = document.createElement("p");
  note.className = "note";
  note.setAttribute("role", "status");
  note.textContent = "This was not saved yet. What you had typed is here again.";
  form.prepend(note);
}
