// The palette: Ctrl K opens it, arrows choose, Enter opens what is chosen, Esc closes and gives the focus back. On the
// page of the search there is none: the box of the page is it.
const palette = document.getElementById("palette");
const box = document.getElementById(palette ? "palette-q" : "q");

addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  event.preventDefault(); // browsers have a search of their own on it
  search();
});

addEventListener("click", (event) => {
  if (!event.target.closest("[data-palette]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  document.querySelector("dialog[open]")?.close();
  search();
});

function search() {
  if (palette && !document.querySelector("dialog[open]")) palette.showModal();
  if (!palette || palette.open) box.select();
}

if (palette) {
  const found = document.getElementById("palette-found");
  const chosen = () => found.querySelector("[aria-selected='true']");

  palette.addEventListener("click", (event) => {
    if (event.target === palette) palette.close(); // beside it
  });

  // What was found for other words is not opened any more: Enter asks the page of the search for these.
  box.addEventListener("input", () => choose(null));

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().click();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const hits = [...found.querySelectorAll("[role='option']")];
    if (!step || !hits.length) return;
    event.preventDefault();
    choose(hits.at((hits.indexOf(chosen()) + step) % hits.length));
  });

  found.addEventListener("htmx:afterSwap", () => {
    const hits = found.querySelectorAll("a.find");
    for (const [at, hit] of hits.entries()) {
      hit.id = `palette-hit-${at}`;
      hit.tabIndex = -1;
      hit.setAttribute("role", "option");
      hit.setAttribute("aria-selected", "false");
    }
    for (const each of found.querySelectorAll("ul, li, h2, .group, #found")) each.setAttribute("role", "presentation");
    for (const each of found.querySelectorAll("section")) each.setAttribute("role", "group");
    if (hits.length) found.setAttribute("role", "listbox");
    else found.removeAttribute("role"); // what is said instead is to be read
    box.setAttribute("aria-expanded", String(Boolean(hits.length)));
    choose(hits[0]);
  });

  function choose(hit) {
    chosen()?.setAttribute("aria-selected", "false");
    if (!hit) return box.removeAttribute("aria-activedescendant");
    hit.setAttribute("aria-selected", "true");
    hit.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", hit.id);
  }
}
