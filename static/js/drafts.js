// Keeps the input of a form marked data-keep while it is being sent. If sending fails (signed out,
// token out of date, server error), the form is filled in again when it is opened next. Opening
// another page first discards the input. It never leaves this tab.

import { words } from "./words.js";

const KEY = "draft";
const form = document.querySelector("form[data-keep]");
const draft = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
const signingIn = document.body.matches(".on-entrance"); // and then coming back
// The server accepted the form, or shows it again with the errors.
const answered = document.querySelector(".note-success, form[data-keep] :is([role=alert], .errorlist)");

if (draft && form && draft.path === location.pathname && !answered) restore();
else if (!signingIn) sessionStorage.removeItem(KEY);

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
  note.textContent = words.draft;
  form.prepend(note);
}
