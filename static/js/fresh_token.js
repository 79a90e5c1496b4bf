// A page that the browser has kept may hold the token of a session that is over: a form takes the one of now with it.
addEventListener("submit", refresh, true);

function refresh(event) {
  const kept = event.target.querySelector?.("input[name=csrfmiddlewaretoken]");
  const now = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  if (kept && now) kept.value = now[1];
}
