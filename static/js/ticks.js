// One box that ticks all others of its form.
for (const all of document.querySelectorAll("[data-ticks]")) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const each of document.querySelectorAll(`[type="checkbox"][form="${all.dataset.ticks}"]`)) each.checked = all.checked;
  });
}
