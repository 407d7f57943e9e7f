// Sends the chosen files one by one, each with its own progress and its own answer, so that a
// bad file does not hold back the others. Without this script the form sends them together.

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
  // A folder can be dropped like a file, but it cannot be read like one.
  for (const item of event.dataTransfer.items) {
    const entry = item.webkitGetAsEntry?.();
    if (entry?.isDirectory) refuseFolder(entry.name);
    else if (item.kind === "file") add([item.getAsFile()]);
  }
  input.required = chosen.length === 0;
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  const waiting = chosen;
  chosen = [];
  for (const item of waiting) await send(item);
  button.disabled = false;
  // A disabled button lets go of the focus.
  if (document.activeElement === document.body) button.focus();
  input.required = chosen.length === 0;
});

function add(files) {
  for (const file of files) {
    const { row, picture, text, answer } = addRow(file.name);
    const progress = document.createElement("progress");
    progress.max = 1;
    progress.value = 0;
    progress.setAttribute("aria-label", `Progress of ${file.name}`);
    text.insertBefore(progress, answer);
    answer.textContent = `${sizeOf(file)}, ready`;
    const item = { file, row, progress, answer };
    const remove = row.appendChild(document.createElement("button"));
    remove.type = "button";
    remove.className = "button";
    remove.textContent = "Remove";
    remove.setAttribute("aria-label", `Remove ${file.name}`);
    remove.addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== item);
      row.remove();
      input.required = chosen.length === 0;
      input.focus();
    });
    item.remove = remove;
    chosen.push(item);
    preview(file, picture);
  }
}

function addRow(name) {
  const row = list.appendChild(document.createElement("li"));
  const picture = row.appendChild(document.createElement("canvas"));
  picture.width = 160;
  picture.height = 90;
  const text = row.appendChild(document.createElement("div"));
  text.appendChild(document.createElement("strong")).textContent = name;
  const answer = text.appendChild(document.createElement("p"));
  return { row, picture, text, answer };
}

function refuseFolder(name) {
  const { row, answer } = addRow(name);
  row.className = "refused";
  answer.textContent = "This is a folder. Open it, and drop the pictures that are in it.";
}

function sizeOf(file) {
  if (file.size < 1e5) return `${Math.ceil(file.size / 1e3)} kB`;
  return `${(file.size / 1e6).toFixed(1)} MB`;
}

// A file that was moved, deleted or changed since it was chosen, or a folder, cannot be read.
async function readable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

// A canvas, because the page's content security policy allows no blob: URLs for pictures.
async function preview(file, canvas) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.max(canvas.width / bitmap.width, canvas.height / bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    const [left, top] = [(canvas.width - width) / 2, (canvas.height - height) / 2];
    canvas.getContext("2d").drawImage(bitmap, left, top, width, height);
    bitmap.close();
  } catch {
    canvas.classList.add("no-preview"); // the server says what is wrong
  }
}

async function send(item) {
  if (!(await readable(item.file))) {
    item.progress.remove();
    item.remove.hidden = true;
    item.row.className = "refused";
    item.answer.textContent =
      "This file cannot be read: it is a folder, or it was moved or changed. Choose it again.";
    return undefined;
  }
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
    request.addEventListener("error", () => resolve(again(item, "The connection failed.")));
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
    item.answer.textContent = `${result.refusal} `;
    if (result.address) addLink(item.answer, result.address, "Open that artwork");
    return undefined;
  }
  item.row.className = "taken";
  item.answer.textContent = "Uploaded, waiting for review. ";
  addLink(item.answer, result.address, "Annotate");
  if (result.alike.length) {
    const numbers = result.alike.map((number) => `№ ${number}`).join(", ");
    item.answer.append(` It looks like ${numbers} of this title.`);
  }
  for (const other of result.elsewhere) {
    item.answer.append(" The same file is used for ");
    addLink(item.answer, other.address, other.title);
    item.answer.append(".");
  }
  return undefined;
}

function addLink(place, address, words) {
  const link = place.appendChild(document.createElement("a"));
  link.href = address;
  link.textContent = words;
}

// A file that failed through no fault of its own stays chosen, so that it can be sent again.
function again(item, words) {
  item.row.className = "refused";
  item.answer.textContent = `${words} Press “Upload” to send it again.`;
  item.progress.value = 0;
  item.remove.hidden = false;
  chosen.push(item);
}
