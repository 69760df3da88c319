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
    if (first && !first.value) first.focus();
  },
  true,
);

// A proposal fills in and sends nothing; Z brings back what stood there before the first one was taken.
const decide = document.querySelector("#decide");
const merging = document.querySelector("#merging [name=main]");
let before = null;
const put = (name, values) => {
  for (const field of decide.querySelectorAll(`[name="${name}"]`)) {
    if (field.matches("[type=radio], [type=checkbox]")) field.checked = values.includes(field.value);
    else field.value = values[0] || "";
  }
};
const tell = (name) => decide.querySelector(`[name="${name}"]`).dispatchEvent(new Event("change", { bubbles: true }));

const take = (link) => {
  const { field, value } = link.dataset;
  if (!before) before = { form: new FormData(decide), main: merging.value };
  if (field === "main") {
    merging.value = value;
    merging.closest("details").open = true;
  } else if (field === "text") {
    put("text", [value]);
    decide.querySelector("[name=text]").closest("details").open = true;
  } else {
    const pick = [...decide.querySelectorAll(`input[name="${field}"]`)].find((one) => one.value === value);
    put(field, pick ? [value] : []);
    put(`${field}_all`, pick ? [] : [value]);
    if (field === "category") tell("category_all");
  }
  link.setAttribute("aria-current", "true");
  document.querySelector("#taken").hidden = false;
};

const undo = () => {
  for (const name of ["category", "category_all", "to", "to_all", "text"]) put(name, before.form.getAll(name));
  merging.value = before.main;
  before = null;
  tell("category_all");
  for (const link of document.querySelectorAll("[data-take][aria-current]")) link.removeAttribute("aria-current");
  document.querySelector("#taken").hidden = true;
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-take], [data-undo]");
  if (!link || (link.matches("[data-undo]") && !before)) return;
  event.preventDefault();
  if (link.matches("[data-undo]")) undo();
  else take(link);
});
