// Shows the focal point and the crop around it on the picture, and lets a pointer move it.
// The form still sends the sliders, so that the keyboard works, and the page without this script.

const RATIO = 16 / 9;

for (const box of document.querySelectorAll("[data-focal]")) attach(box);

function attach(box) {
  const image = box.querySelector("img");
  const across = document.querySelector("[name=focal_x]");
  const down = document.querySelector("[name=focal_y]");
  const crop = box.appendChild(document.createElement("span"));
  const mark = box.appendChild(document.createElement("span"));
  crop.className = "focal-crop";
  mark.className = "focal-mark";

  function draw() {
    const x = Number(across.value);
    const y = Number(down.value);
    mark.style.left = `${100 * x}%`;
    mark.style.top = `${100 * y}%`;
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    if (!width || !height) return;
    const share = [Math.min(1, (height * RATIO) / width), Math.min(1, width / RATIO / height)];
    crop.style.width = `${100 * share[0]}%`;
    crop.style.height = `${100 * share[1]}%`;
    crop.style.left = `${100 * clamp(x - share[0] / 2, 1 - share[0])}%`;
    crop.style.top = `${100 * clamp(y - share[1] / 2, 1 - share[1])}%`;
  }

  function pick(event) {
    const area = image.getBoundingClientRect();
    across.value = ((event.clientX - area.left) / area.width).toFixed(2);
    down.value = ((event.clientY - area.top) / area.height).toFixed(2);
    draw();
  }

  box.addEventListener("pointerdown", (event) => {
    box.setPointerCapture(event.pointerId);
    pick(event);
  });
  box.addEventListener("pointermove", (event) => {
    if (box.hasPointerCapture(event.pointerId)) pick(event);
  });
  for (const slider of [across, down]) slider.addEventListener("input", draw);
  image.addEventListener("load", draw);
  draw();
}

function clamp(value, highest) {
  return Math.min(Math.max(value, 0), highest);
}
