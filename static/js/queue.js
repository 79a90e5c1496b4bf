// Reports wait on this phone until they are sent: each is kept before it is sent, and gone once the server has it.
// Of a report that is sent twice the server makes one case, by its token. One that is refused stays, with the reason.
const strip = document.getElementById("queue");
const form = document.getElementById("log");
const { owner, log, worker, zone } = strip.dataset;
const EVERY = 30_000; // milliseconds between tries
let isSending = false;

navigator.serviceWorker?.register(worker);
if (form) {
  form.elements.token.value = uuid(); // the page may be one that was kept, and its token used
  form.addEventListener("submit", take);
  form.addEventListener("htmx:beforeRequest", (event) => navigator.onLine || event.preventDefault());
}
strip.querySelector(".push").addEventListener("click", sendAll);
addEventListener("online", sendAll);
addEventListener("offline", show);
setInterval(() => document.hidden || sendAll(), EVERY);
forgetOthers().then(show).then(sendAll);

// Keep what is typed, send it, and go on to the case; without a network the form is there for the next one.
async function take(event) {
  event.preventDefault();
  const { submitter } = event;
  const report = {
    token: form.elements.token.value,
    owner,
    at: Date.now(),
    entries: [...new FormData(form, submitter)].filter(([name]) => name !== "csrfmiddlewaretoken"),
    state: "sending",
  };
  submitter.disabled = true;
  window.htmx?.trigger(form, "htmx:abort"); // what it would become is of no interest any more
  await change("readwrite", (store) => store.put(report)).catch(() => {}); // a browser that keeps nothing sends it all the same
  const answer = await deliver(report, form.elements.csrfmiddlewaretoken.value);
  submitter.disabled = false;
  if (answer.state === "sent") {
    await forget(report);
    location.assign(answer.address);
  } else if (answer.state === "waiting") {
    await change("readwrite", (store) => store.put({ ...report, state: "waiting" }));
    begin();
    await show();
    strip.scrollIntoView();
  } else {
    await forget(report);
    if (submitter.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
    form.submit(); // as if there were no script: the server says on the page what is wrong
  }
}

// An empty form for the next case.
function begin() {
  form.reset();
  form.elements.token.value = uuid();
  for (const photo of form.querySelectorAll(".photo__x")) photo.click();
  form.dispatchEvent(new Event("change"));
}

async function sendAll() {
  if (isSending) return;
  isSending = true;
  // One page at a time: a second one would send the same, in vain.
  await (navigator.locks ? navigator.locks.request("queue", { ifAvailable: true }, (lock) => lock && sendWaiting()) : sendWaiting());
  isSending = false;
}

async function sendWaiting() {
  for (const report of await reports()) {
    if (report.state === "refused" || report.owner !== owner) continue;
    await mark(report, "sending");
    const answer = await deliver(report, await freshToken());
    await mark(report, answer.state, answer.reason, answer.address);
    if (answer.state === "sent") await forget(report);
    if (answer.state === "waiting" || answer.state === "signedOut") break;
  }
}

// Send one; say how it went: sent, refused, waiting (nobody was reached) or signedOut.
async function deliver(report, csrf) {
  if (!csrf) return { state: navigator.onLine ? "signedOut" : "waiting" };
  const body = new FormData();
  for (const [name, value] of report.entries) body.append(name, value);
  if (!body.get("reported_at") && Date.now() - report.at > 60_000) body.set("reported_at", clock(report.at));
  body.set("csrfmiddlewaretoken", csrf);
  try {
    const answer = await fetch(log, { method: "POST", body, headers: { "HX-Request": "true" } });
    const address = answer.headers.get("HX-Redirect");
    if (address?.startsWith(log.replace("new/", ""))) return { state: "sent", address };
    if (address) return { state: "signedOut" };
    if (answer.status === 429 || answer.status >= 500) return { state: "waiting" };
    return { state: "refused", reason: reasons(await answer.text()) };
  } catch {
    return { state: "waiting" };
  }
}

// A token of the session as it is by now; none where nobody is signed in any more, or nobody answers.
async function freshToken() {
  try {
    const page = parsed(await (await fetch(log)).text());
    return page.getElementById("queue")?.dataset.owner === owner && page.querySelector("#log [name=csrfmiddlewaretoken]").value;
  } catch {
    return null;
  }
}

function reasons(text) {
  const page = parsed(text);
  const said = [...page.querySelectorAll(".error, .notice--bad li")].map((each) => each.textContent.trim());
  return [...new Set(said)].join(" ") || page.querySelector("h1")?.textContent || "";
}

async function show() {
  const waiting = await reports();
  const said = waiting.length === 1 ? strip.dataset.one : strip.dataset.many.replace("{n}", waiting.length);
  strip.hidden = !waiting.length;
  strip.querySelector(".queue__words").textContent = `${navigator.onLine ? "" : strip.dataset.offline} ${said}`;
  strip.querySelector(".queue__list").replaceChildren(...waiting.map(line));
}

function line(report) {
  const item = strip.querySelector("template").content.firstElementChild.cloneNode(true);
  const state = report.owner === owner ? report.state : "other";
  item.querySelector(".strong").textContent = report.entries.find(([name]) => name === "title")?.[1] ?? "";
  item.querySelector(".queue__state").textContent = [strip.dataset[state], report.reason].filter(Boolean).join(" · ");
  const button = item.querySelector("button");
  button.hidden = state !== "refused";
  button.addEventListener("click", () => forget(report).then(show));
  return item;
}

async function mark(report, state, reason = "") {
  await change("readwrite", (store) => store.put({ ...report, state, reason }));
  await show();
}

async function forget(report) {
  await change("readwrite", (store) => store.delete(report.token)).catch(() => {});
  await show();
}

async function reports() {
  const kept = await change("readonly", (store) => store.getAll()).catch(() => []);
  return kept.sort((one, other) => one.at - other.at);
}

// One step in the store of this browser.
function change(mode, step) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("settle_gov", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("reports", { keyPath: "token" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("reports", mode);
      const asked = step(transaction.objectStore("reports"));
      transaction.oncomplete = () => (opening.result.close(), resolve(asked.result));
      transaction.onerror = transaction.onabort = () => (opening.result.close(), reject(transaction.error));
    };
  });
}

// The page to log a case on is kept for whoever acts; what was kept for another goes.
async function forgetOthers() {
  if (!window.caches) return;
  if (localStorage.owner !== owner) await caches.delete("pages");
  localStorage.owner = owner;
  const pages = await caches.open("pages");
  if (navigator.onLine && !(await pages.match(log))) await pages.add(log).catch(() => {});
}

function clock(moment) {
  return new Date(moment).toLocaleString("sv-SE", { timeZone: zone }).slice(0, 16).replace(" ", "T");
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

// As `crypto.randomUUID`, which there is only where the line is encrypted.
function uuid() {
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (sign) =>
    (sign ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (sign / 4)))).toString(16),
  );
}
