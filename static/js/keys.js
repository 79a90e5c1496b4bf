// Letters are keys: those in the list of keys do what stands there, J and K go along the rows of a list. Never while a
// field has the focus, and never over something that has opened.
const PATIENCE = 2000; // milliseconds between G and where to
const list = document.getElementById("keys");
let before = "";
let at = 0;

const MOVES = { "?": () => list.showModal(), j: () => go(1), k: () => go(-1) };

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.key === "Shift") return;
  if (event.target.closest("input, select, textarea, [contenteditable]") || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const keys = before && event.timeStamp - at < PATIENCE ? `${before} ${key}` : key;
  before = keys === "g" ? key : "";
  at = event.timeStamp;
  const place = list.querySelector(`[data-key="${CSS.escape(keys)}"]`);
  if (!place && !MOVES[keys]) return;
  event.preventDefault();
  if (place) place.click();
  else MOVES[keys]();
});

// The row is where the focus is, also on one of its buttons.
function go(step) {
  const rows = [...document.querySelectorAll("main :is(.work__title, .find)")];
  const here = rows.findIndex((row) => row.closest("li").contains(document.activeElement));
  rows[here + step]?.focus();
}
