// The panel beside the matrix. On a narrow screen a cell is a page of its own; Esc and × lead back to the matrix.
const panel = document.getElementById("panel");
const content = document.getElementById("panel-cell");
const grid = () => document.getElementById("grid");
const isWide = matchMedia("(min-width: 1100px)");

if (panel) {
  addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target !== content || isWide.matches) return;
    event.preventDefault();
    location.assign(event.detail.pathInfo.finalRequestPath);
  });

  addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === content) open(event.detail.pathInfo.finalRequestPath);
    else mark();
  });

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
  });

  panel.querySelector(".panel__close").addEventListener("click", close);
}

function open(address) {
  if (!content.firstElementChild) return location.assign(address); // no cell but another page: what is wrong stands there
  panel.dataset.address = address;
  panel.hidden = false;
  const foot = content.querySelector("#rule > form > #rule-press");
  if (foot) content.append(foot); // in view also while the form is further down
  mark();
  panel.querySelector("h2").focus({ preventScroll: true });
}

function close() {
  const cell = grid().querySelector(".cell--on");
  panel.hidden = true;
  content.replaceChildren();
  mark();
  cell?.focus();
  history.replaceState(history.state, "", grid().dataset.address);
}

// The cell that the panel shows, its row and its column stand out, also after the matrix was asked anew.
function mark() {
  for (const each of grid().querySelectorAll(".cell--on")) each.classList.remove("cell--on");
  for (const each of grid().querySelectorAll(".is-on")) each.classList.remove("is-on");
  if (panel.hidden) return;
  const place = new URL(panel.dataset.address, location).pathname;
  const cell = [...grid().querySelectorAll(".cell")].find((each) => each.pathname === place);
  if (!cell) return;
  cell.classList.add("cell--on");
  cell.closest("tr").classList.add("is-on");
  cell.closest("table").tHead.rows[1].cells[cell.closest("td").cellIndex].classList.add("is-on");
}
