// Sorting: j and k walk the queue, a pick and the whole list beside it exclude each other, an opened form is begun at once.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !"jk".includes(event.key)) return;
  if (document.activeElement.matches("input:not([type=radio], [type=checkbox]), textarea, select")) return;
  const links = [...document.querySelectorAll("#queue .queue a")];
  const here = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[here + (event.key === "j" ? 1 : -1)];
  if (next) next.click();
});

const place = document.querySelector("#queue a[aria-current]");
if (place) place.scrollIntoView({ block: "nearest" });

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.form || field.form.id !== "decide") return;
  if (field.type === "radio") {
    const list = field.form.elements[`${field.name}_all`];
    if (list) list.value = "";
  } else if (field.name.endsWith("_all") && field.value) {
    const picks = field.form.querySelectorAll(`input[type=radio][name="${field.name.slice(0, -4)}"]`);
    for (const pick of picks) pick.checked = false;
  }
});

// What is chosen while the list of offices is on its way stays chosen.
let chosen = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "choices") chosen = new FormData(document.querySelector("#decide"));
});
document.addEventListener("htmx:afterSwap", () => {
  if (!chosen) return;
  const offices = [...document.querySelectorAll("#choices input[name=to]")];
  const office = chosen.get("to_all") || chosen.get("to");
  const pick = offices.find((one) => one.value === office);
  if (pick) pick.checked = true;
  else if (office) document.querySelector("#choices [name=to_all]").value = office;
  const accused = document.querySelector("#choices [name=accused]");
  if (accused && chosen.get("accused")) accused.value = chosen.get("accused");
  for (const box of document.querySelectorAll("#choices [name=assisting]")) {
    box.checked = chosen.getAll("assisting").includes(box.value);
  }
  chosen = null;
});

document.addEventListener(
  "toggle",
  (event) => {
    const first = event.target.open && event.target.querySelector("textarea, input:not([type=hidden])");
    if (first) first.focus();
  },
  true,
);
