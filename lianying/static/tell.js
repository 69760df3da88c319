// Comfort for the page where residents tell: photos made small on the phone, position, a draft, the emergency hint.
(() => {
  "use strict";
  const form = document.querySelector("[data-tell]");
  if (!form) return;
  const text = form.elements.text;

  // A draft of this tab, so that changing the type size or a page closed by mistake costs no words.
  const KEY = "lianying.draft";
  const KEPT = ["text", "address", "lat", "lng", "phone", "name"];
  try {
    const draft = JSON.parse(sessionStorage.getItem(KEY) || "{}");
    if (!text.value) for (const name of KEPT) if (draft[name]) form.elements[name].value = draft[name];
    form.addEventListener("input", () => {
      sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(KEPT.map((name) => [name, form.elements[name].value]))));
    });
  } catch { /* a browser that keeps nothing */ }

  // What should be rung instead of written.
  const hints = JSON.parse(document.getElementById("emergency-hints").textContent);
  const place = form.querySelector("[data-emergency]");
  let shown = place.textContent.trim();
  const warn = () => {
    const found = hints.filter((hint) => hint.words.some((word) => text.value.includes(word))).map((hint) => hint.hint);
    if (found.join() === shown) return;
    shown = found.join();
    place.replaceChildren(...found.map((hint) => Object.assign(document.createElement("p"), { className: "card problem", textContent: hint })));
  };
  text.addEventListener("input", warn);
  warn();

  // Photos: each choice adds to those before; shrunk here, so that a slow line is enough.
  const input = form.elements.photos;
  const list = form.querySelector("[data-photos]");
  const most = Number(input.dataset.most);
  let photos = [];
  let work = Promise.resolve();

  const draw = () => {
    const carrier = new DataTransfer();
    for (const photo of photos) carrier.items.add(photo);
    input.files = carrier.files;
    list.hidden = photos.length === 0;
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...photos.map((photo) => {
      const figure = document.createElement("figure");
      const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(photo), alt: photo.name });
      const remove = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: list.dataset.remove });
      remove.setAttribute("aria-label", `${list.dataset.remove} ${photo.name}`);
      remove.addEventListener("click", () => { photos = photos.filter((one) => one !== photo); draw(); input.focus(); });
      figure.append(image, remove);
      return figure;
    }));
  };
  input.addEventListener("change", () => {
    const chosen = [...input.files];
    work = work.then(async () => {
      for (const file of chosen) if (photos.length < most) photos.push(await shrunk(file));
      draw();
    });
  });

  // One press sends once, after the last photo is small.
  let sending = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    form.querySelector(".dock .button").setAttribute("aria-busy", "true");
    work.then(() => form.submit());
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) sending = false; });
})();
