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

// An office that was chosen while the list of offices was on its way stays chosen.
let office = "";
const offices = () => [...document.querySelectorAll("#decide input[name=to]")];
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "choices") return;
  const pick = offices().find((one) => one.checked);
  office = pick ? pick.value : document.querySelector("#decide [name=to_all]").value;
});
document.addEventListener("htmx:afterSwap", () => {
  if (!office) return;
  const pick = offices().find((one) => one.value === office);
  if (pick) pick.checked = true;
  else document.querySelector("#decide [name=to_all]").value = office;
  office = "";
});

document.addEventListener(
  "toggle",
  (event) => {
    const first = event.target.open && event.target.querySelector("textarea, input:not([type=hidden])");
    if (first) first.focus();
  },
  true,
);
