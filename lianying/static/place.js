// A place on a map, pointed at or shown. The map is fetched when somebody opens it, the position when they ask for it.
(() => {
  "use strict";
  const FETCHED = { script: "src", link: "href" };
  const fetched = (kind, address) => new Promise((done, failed) => {
    const element = Object.assign(document.createElement(kind), { [FETCHED[kind]]: address, onload: done, onerror: failed });
    if (kind === "link") element.rel = "stylesheet";
    document.head.append(element);
  });

  for (const place of document.querySelectorAll("[data-place]")) {
    const words = place.dataset;
    const [open, locate, remove, frame, said] = ["open", "locate", "remove", "frame", "said"].map((name) => place.querySelector(`[data-${name}]`));
    const fields = [...place.querySelectorAll("input")];
    let map, opening = false;

    const at = () => {
      const typed = fields.length ? fields.map((field) => field.value) : words.at.split(",");
      return typed.every((text) => text && Number.isFinite(Number(text))) ? typed.map(Number) : null;
    };
    const put = (spot, saying) => {
      fields.forEach((field, index) => { field.value = spot ? spot[index].toFixed(6) : ""; });
      fields[0].dispatchEvent(new Event("input", { bubbles: true }));
      remove.hidden = !spot;
      said.textContent = saying;
    };

    // The map.
    const fetchMap = async () => {
      await Promise.all([fetched("link", words.style), ...(window.L ? [] : [fetched("script", words.scripts.split(" ")[0])])]);
      for (const script of words.scripts.split(" ").slice(1)) await fetched("script", script);
      const settle = fields.length ? (spot) => put(spot, words.marked) : null;
      map = window.point(place.querySelector("[data-map]"), words, at(), settle);
    };
    const show = async () => {
      if (opening) return;
      frame.hidden = !frame.hidden;
      open.setAttribute("aria-expanded", String(!frame.hidden));
      if (map) map.fit();
      if (frame.hidden || map) return;
      opening = true;
      said.textContent = words.opening;
      try {
        await fetchMap();
        said.textContent = fields.length && at() ? words.marked : "";
      } catch {
        frame.hidden = true;
        open.setAttribute("aria-expanded", "false");
        said.textContent = words.broken;
      }
      opening = false;
    };
    if (open) {
      open.hidden = false;
      open.addEventListener("click", show);
    }
    if (!fields.length) continue;

    remove.addEventListener("click", () => {
      put(null, words.removed);
      if (map) map.show(null);
      (open || locate).focus();
    });
    if (at()) put(at(), words.marked);

    // The position. Half the county more on each side still counts as near it.
    if (!locate || !navigator.geolocation || !window.isSecureContext) continue;
    const isOutside = ([lat, lng]) => {
      if (!words.box) return false;
      const [south, west, north, east] = words.box.split(",").map(Number);
      return Math.abs(lat - (south + north) / 2) > north - south || Math.abs(lng - (west + east) / 2) > east - west;
    };
    const found = ({ coords }) => {
      const spot = [coords.latitude, coords.longitude];
      if (isOutside(spot)) {
        said.textContent = words.outside;
        return;
      }
      put(spot, words.found);
      if (map) map.show(spot);
    };
    const failed = (error) => { said.textContent = error.code === error.PERMISSION_DENIED ? words.refused : words.unknown; };
    locate.hidden = false;
    locate.addEventListener("click", () => {
      said.textContent = words.looking;
      navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 15000 });
    });
  }
})();
