// The slider over the months and the typed day are one thing: each follows the other.
const DAY = 24 * 60 * 60 * 1000;
const slider = document.getElementById("slider");
const typed = document.getElementById("matrix-at");
const known = document.getElementById("matrix-known");

if (slider) {
  const first = Date.parse(slider.dataset.first);

  slider.addEventListener("input", () => {
    typed.value = new Date(first + slider.value * DAY).toISOString().slice(0, 10);
    slider.setAttribute("aria-valuetext", typed.value);
  });

  typed.addEventListener("input", () => {
    const day = Date.parse(typed.value);
    if (/^\d{4}-\d\d-\d\d$/.test(typed.value) && day) slider.value = (day - first) / DAY;
  });

  // "On another day…" asks nothing yet: the day is still to be typed.
  known.addEventListener("change", (event) => {
    if (known.value !== "on") return;
    event.stopPropagation();
    document.getElementById("matrix-known_on").focus();
  });

  // What was left empty is left out of the address.
  slider.form.addEventListener("htmx:configRequest", (event) => {
    for (const [name, value] of [...event.detail.formData]) if (!value) event.detail.formData.delete(name);
  });
}
