// What the desk's pages share: keys, sending by keyboard, a warning before words are lost. Everything works without it.
"use strict";

const fields = "input:not([type=checkbox]):not([type=radio]), textarea, select";
const usable = (element) => !element.disabled && element.getClientRects().length > 0;

// data-key="a" on a button, link, label or field: pressed, it does what a click does, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  const focused = document.activeElement;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = focused.closest("form[method=post]");
    const button = form && (form.querySelector("[data-send]") || form.querySelector("button.main"));
    if (button && usable(button)) {
      event.preventDefault();
      form.requestSubmit(button);
    }
    return;
  }
  if (event.key === "Escape" && focused.matches(fields) && !focused.closest("dialog")) focused.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || focused.matches(fields)) return;
  const open = document.querySelector("dialog[open]") || document;
  const wanted = [...open.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key.toLowerCase() === event.key.toLowerCase() && usable(element),
  );
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches(fields)) wanted.focus();
  else wanted.click();
});

// Words that were typed and not sent.
const unsent = () =>
  [...document.querySelectorAll("main form[method=post] :is(textarea, input[type=text], input[type=tel])")].some(
    (field) => field.value !== field.defaultValue,
  );
let sending = false;
window.addEventListener("beforeunload", (event) => {
  if (!sending && unsent()) event.preventDefault();
});
// Signing in again in another window gives a new token: an old page may still be sent.
const newToken = () => (document.cookie.match(/(?:^|; )lianying_csrf=([^;]+)/) || [])[1];
document.addEventListener("submit", (event) => {
  const token = event.target.elements.csrfmiddlewaretoken;
  if (token && newToken()) token.value = newToken();
  sending = !event.defaultPrevented && !event.target.matches("[hx-post]");
  if (sending) setTimeout(() => (sending = false), 5000);
});
window.addEventListener("pageshow", () => (sending = false));

// Signing out takes the list of whom one visits off the device; records that were not sent yet stay.
const forget = () => new Promise((done) => {
  const opening = indexedDB.open("lianying-visits");
  opening.onupgradeneeded = () => opening.transaction.abort(); // nothing was ever kept
  opening.onerror = opening.onblocked = done;
  opening.onsuccess = () => {
    const work = opening.result.transaction(["links", "meta"], "readwrite");
    work.objectStore("links").clear();
    work.objectStore("meta").clear();
    work.oncomplete = work.onabort = done;
  };
});
const leaving = document.querySelector("form[data-sign-out]");
if (leaving && window.indexedDB) {
  leaving.addEventListener("submit", (event) => {
    event.preventDefault();
    Promise.race([forget(), new Promise((done) => setTimeout(done, 2000))]).then(() => {
      sending = true;
      leaving.submit();
    });
  });
}

document.addEventListener("htmx:configRequest", (event) => {
  const { headers, parameters, triggeringEvent } = event.detail;
  if (parameters.csrfmiddlewaretoken && newToken()) parameters.csrfmiddlewaretoken = newToken();
  // What a page fetches by itself every few seconds keeps nobody signed in.
  if (!triggeringEvent) headers["X-Polled"] = "1";
});

// A list that is fetched anew must not tear away the field or button somebody is at.
document.addEventListener("htmx:beforeSwap", (event) => {
  const polled = event.detail.requestConfig && event.detail.requestConfig.headers["X-Polled"];
  if (polled && event.detail.target.contains(document.activeElement)) event.detail.shouldSwap = false;
});

// On a phone the rail runs beyond the screen: where one is comes into view.
const showPlace = () => {
  const place = document.querySelector("#rail [aria-current]");
  if (place) place.parentElement.scrollLeft = place.offsetLeft - place.parentElement.clientWidth / 2 + place.offsetWidth / 2;
};
document.addEventListener("htmx:afterSettle", showPlace);
showPlace();

// After a form came back with a fault, begin there.
const begin = (root) => {
  const faulty = root.querySelector("main [aria-invalid=true], main .bad :is(input, textarea, select)");
  if (faulty) faulty.focus();
};
document.addEventListener("htmx:afterSettle", (event) => begin(event.detail.elt));
begin(document);
