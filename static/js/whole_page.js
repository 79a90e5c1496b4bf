// Where a part of a page cannot be had (no network, a fault), the page itself is loaded: it says what is the matter.
addEventListener("htmx:sendError", load);
addEventListener("htmx:responseError", load);

function load(event) {
  const request = event.detail.requestConfig;
  if (request.verb === "get") location.assign(event.detail.pathInfo.finalRequestPath);
}
