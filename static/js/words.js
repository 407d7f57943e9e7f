// What scripts say, in the language of the page: base.html has it.
export const words = document.getElementById("words").dataset;
