// Follows a run until it is over, then reloads the page with its results.

const panel = document.querySelector("[data-progress-url]");
const stage = panel.querySelector("#stage");
const waits = panel.querySelector("#waits");
const bar = panel.querySelector("progress");
const EVERY = 2000;

async function follow() {
  try {
    const answer = await fetch(panel.dataset.progressUrl, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const run = await answer.json();
      if (run.state === "finished" || run.state === "failed") return location.reload();
      if (stage.textContent !== run.stage) stage.textContent = run.stage;
      bar.value = run.progress;
      waits.hidden = !run.waits;
      if (waits.textContent !== run.waits) waits.textContent = run.waits;
    }
  } catch {
    // The connection was lost for a moment. Try again at the next interval.
  }
  setTimeout(follow, EVERY);
}
setTimeout(follow, EVERY);
