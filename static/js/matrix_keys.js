// The matrix is one stop of the tab key: arrows go from link to link, Home and End along the row, Page Up and Page Down
// from community to community. Without scripts every link is a stop.
const body = () => document.querySelector("table.matrix tbody");
const rows = () => [...body().rows].filter((row) => !row.matches(".grp"));
const linksOf = (row) => [...row.querySelectorAll("a")];
const columnOf = (link) => link.closest("th, td").cellIndex;

const MOVES = {
  ArrowRight: (link) => linksOf(link.closest("tr")).find((each) => columnOf(each) > columnOf(link)),
  ArrowLeft: (link) => linksOf(link.closest("tr")).findLast((each) => columnOf(each) < columnOf(link)),
  ArrowDown: (link) => inColumn(rows().slice(rows().indexOf(link.closest("tr")) + 1), columnOf(link)),
  ArrowUp: (link) => inColumn(rows().slice(0, rows().indexOf(link.closest("tr"))).reverse(), columnOf(link)),
  Home: (link) => linksOf(link.closest("tr"))[0],
  End: (link) => linksOf(link.closest("tr")).at(-1),
  PageDown: (link) => communities().find((each) => follows(each, link)),
  PageUp: (link) => communities().findLast((each) => follows(link, each) && each.closest("tr") !== link.closest("tr")),
};

function inColumn(some, column) {
  return some.flatMap(linksOf).find((each) => columnOf(each) === column);
}

// The first link of each community.
function communities() {
  return [...body().querySelectorAll(".grp + tr")].map((row) => linksOf(row)[0]);
}

function follows(one, other) {
  return Boolean(other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
}

function rove() {
  if (!body()) return;
  for (const link of body().querySelectorAll("a")) link.tabIndex = -1;
  const stop = body().querySelector(".cell--on, a.cell, a");
  if (stop) stop.tabIndex = 0;
}

addEventListener("keydown", (event) => {
  const link = event.target.closest("table.matrix tbody a");
  const to = link && !event.ctrlKey && !event.altKey && !event.metaKey && MOVES[event.key]?.(link);
  if (!to) return;
  event.preventDefault();
  link.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
});

addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "grid") rove();
});
rove();
