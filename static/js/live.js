// How much time is left changes by itself: once a minute what bears `data-live` is fetched anew with the page and put in its
// place, as long as somebody looks. Nothing else moves.
const EVERY = 60_000; // milliseconds

setInterval(async () => {
  if (document.hidden || !navigator.onLine) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const shown of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${shown.dataset.live}"]`);
    if (fresh && fresh.innerHTML !== shown.innerHTML) shown.innerHTML = fresh.innerHTML;
  }
}, EVERY);
