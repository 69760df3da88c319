// The page on which visits are written down without a signal: own links, the form, and what waits to be sent.
(() => {
  "use strict";
  const words = JSON.parse(document.getElementById("words").textContent);
  const $ = (id) => document.getElementById(id);
  const said = (name, facts = {}) => words[name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);
  const element = (kind, more) => Object.assign(document.createElement(kind), more);
  const copy = (id) => $(id).content.firstElementChild.cloneNode(true);
  const form = $("record"), fields = form.elements, photos = $("photos");
  const CHIPS = { waiting: "near", sending: "going", held: "late", sent: "done" };
  const shown = (moment) => new Intl.DateTimeFormat(document.documentElement.lang, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(moment);
  const day = (written) => new Intl.DateTimeFormat(document.documentElement.lang, { month: "short", day: "numeric" }).format(new Date(`${written}T00:00`));
  const NOTHING_TO_ASK = { version: 0, questions: [] };
  let link = null, mended = null, chosen = [], exported = new Set();

  // The list.
  const drawn = (one) => {
    const card = copy("line"), chip = card.querySelector(".chip"), news = card.querySelector(".news");
    card.querySelector("h3").append(one.called, ...(one.home ? [] : [" ", element("small", { textContent: words.place })]));
    chip.textContent = one.missing ? said("missing", { count: one.missing }) : words.nothing;
    chip.classList.toggle("done", !one.missing);
    news.append(...one.problems.map((text) => element("li", { textContent: text })));
    news.hidden = !one.problems.length;
    card.querySelector("button").addEventListener("click", () => open(one));
    return card;
  };
  const list = async () => {
    const links = (await outbox.db.links.toArray()).sort((one, other) => one.order - other.order);
    const cards = [];
    links.forEach((one, at) => {
      if (at === 0 || links[at - 1].place !== one.place) cards.push(element("h2", { className: "place", textContent: one.place }));
      cards.push(drawn(one));
    });
    $("links").replaceChildren(...cards);
    const taken = await outbox.meta("taken");
    $("nobody").hidden = Boolean(taken.at);
    const facts = taken.at ? said("as_of", { count: links.length, at: shown(taken.at) }) : "";
    $("standing").replaceChildren([facts, navigator.onLine ? "" : words.offline].join(" ").trim());
    if (taken.at && !outbox.isSignedIn) $("standing").append(` ${words.signed_out} `, element("a", { href: $("nobody").querySelector("a").href, textContent: words.sign_in }));
  };

  // What waits.
  const button = (name, press) => {
    const made = element("button", { type: "button", className: "button", textContent: words[name] });
    made.addEventListener("click", press);
    return made;
  };
  const about = (one, count) => [
    ...one.errors,
    ...(one.pause ? [words[one.pause]] : []),
    ...(one.lost ? [said("lost", { count: one.lost })] : []),
    ...(one.result ? [one.result.uncounted, one.result.requests ? said("requests", { count: one.result.requests }) : ""] : []),
    ...(count ? [said("photos", { count })] : []),
  ].filter(Boolean).join(" ");
  const discard = async (one) => {
    if (!exported.has(one.uuid)) return window.alert(words.export_first);
    return window.confirm(words.sure) && outbox.remove(one.uuid);
  };
  const record = async (one) => {
    const item = copy("kept"), chip = item.querySelector(".chip"), hint = item.querySelector(".hint"), tools = item.querySelector("div.row:last-child");
    const state = one.state === "waiting" && outbox.isSending ? "sending" : one.state;
    item.dataset.state = one.state;
    item.querySelector("b").textContent = one.called;
    item.querySelector("small").textContent = [...(one.place === one.called ? [] : [one.place]), day(one.body.on)].join(" · ");
    chip.textContent = words[state];
    chip.classList.add(CHIPS[state]);
    hint.textContent = about(one, (await outbox.photosOf(one.uuid)).length);
    hint.hidden = !hint.textContent;
    if (one.result) tools.append(element("a", { className: "button quiet", href: one.result.page, textContent: words.see }));
    if (one.state === "held") tools.append(button("mend", () => mend(one)), button("remove", () => discard(one)));
    tools.hidden = !tools.childElementCount;
    return item;
  };
  let drawing = Promise.resolve();
  const draw = () => {
    drawing = drawing.then(async () => {
      const records = await outbox.mine();
      const items = await Promise.all(records.reverse().map(record));
      $("records").replaceChildren(...items);
      $("outbox").hidden = !records.length || !form.hidden;
      $("send").hidden = $("export").hidden = !records.some((one) => one.state !== "sent");
      $("send").disabled = outbox.isSending;
      await list();
    }).catch((fault) => console.error(fault));
  };
  document.addEventListener("outbox", draw);
  window.addEventListener("offline", draw);
  $("send").addEventListener("click", () => outbox.send());
  $("export").addEventListener("click", async () => {
    const all = await outbox.written();
    const file = new Blob([JSON.stringify(all, null, 1)], { type: "application/json" });
    const anchor = element("a", { href: URL.createObjectURL(file), download: `${words.file}-${new Date().toISOString().slice(0, 10)}.json` });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
    exported = new Set(all.map((one) => one.uuid));
  });

  // The form. What is typed and not kept yet stays as a draft.
  const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const questions = (checklist) => {
    for (const part of form.querySelectorAll("[data-part]")) {
      part.replaceChildren(part.firstElementChild);
      for (const { key, part: of, text } of checklist.questions) {
        if (of !== part.dataset.part) continue;
        const made = copy(of === "leave" ? "leave-behind" : of);
        const asked = made.querySelector(of === "leave" ? "span" : "label, legend");
        asked.textContent = text;
        if (of === "ask") asked.htmlFor = made.querySelector("input").id = `answer-${key}`;
        made.querySelectorAll("input").forEach((input) => { input.name = `answer_${key}`; });
        part.append(made);
      }
      part.hidden = part.childElementCount < 2;
    }
    $("checklist").hidden = !link.home || !checklist.questions.length;
  };
  const companions = (people) => {
    $("companions").hidden = !people.length;
    $("companions").querySelector(".choices").replaceChildren(...people.map((one) => {
      const label = element("label", { className: "choice" });
      label.append(element("input", { type: "checkbox", name: "companions", value: one.username }), element("span", { textContent: one.name }));
      return label;
    }));
  };
  const typed = () => {
    const found = {};
    for (const [name, value] of new FormData(form)) if (typeof value === "string") (found[name] ||= []).push(value);
    return found;
  };
  const fill = (values) => {
    for (const input of form.querySelectorAll("input:not([type=file]), textarea")) {
      const given = values[input.name];
      if (!given) continue;
      if (["radio", "checkbox"].includes(input.type)) input.checked = given.includes(input.value);
      else [input.value] = given;
    }
    form.querySelectorAll("details").forEach((one) => { one.open = [...one.querySelectorAll("textarea, input[type=text]")].some((field) => field.value) || Boolean(one.querySelector("input[type=checkbox]:checked")); });
  };
  const pictures = () => {
    $("chosen").hidden = !chosen.length;
    $("chosen").querySelectorAll("img").forEach((one) => URL.revokeObjectURL(one.src));
    $("chosen").replaceChildren(...chosen.map((file) => {
      const figure = element("figure"), remove = button("take_out", () => { chosen = chosen.filter((one) => one !== file); pictures(); });
      remove.setAttribute("aria-label", `${words.take_out} ${file.name}`);
      figure.append(element("img", { src: URL.createObjectURL(file), alt: file.name }), remove);
      return figure;
    }));
  };
  const show = (isForm) => {
    form.hidden = !isForm;
    $("links").hidden = $("outbox").hidden = isForm;
    if (isForm) $("record-title").focus();
    else draw();
    window.scrollTo(0, 0);
  };
  const open = async (one, values = null) => {
    const { people = {}, checklist = NOTHING_TO_ASK } = await outbox.meta("taken");
    link = one;
    form.reset();
    chosen = [];
    pictures();
    $("called").textContent = one.called;
    $("problem").hidden = true;
    fields.on.value = today();
    $("open").replaceChildren(...one.problems.map((text) => element("li", { textContent: text })));
    $("open").hidden = !one.problems.length;
    questions(checklist);
    companions(people[one.unit] || []);
    const draft = await outbox.db.drafts.get([await outbox.who(), one.uuid]);
    const kept = values || (draft && draft.typed);
    if (kept) fill(kept);
    show(true);
  };
  const mend = async (one) => {
    const { link: uuid, on, kind, note, problems, answers, companions: along } = one.body;
    const found = (await outbox.db.links.get(uuid)) || { uuid, called: one.called, place: one.place, home: true, unit: "", problems: [] };
    const values = { on: [on], kind: [kind], note: [note], companions: along };
    problems.forEach((raised, number) => Object.assign(values, { [`problem${number}`]: [raised.text], [`outcome${number}`]: [raised.outcome] }));
    for (const [key, answer] of Object.entries(answers)) values[`answer_${key}`] = [answer];
    mended = one;
    await open(found, values);
    chosen = (await outbox.photosOf(one.uuid)).map((photo) => photo.raw || photo.file);
    pictures();
  };
  form.addEventListener("input", async () => {
    if (!mended) await outbox.db.drafts.put({ owner: await outbox.who(), link: link.uuid, at: Date.now(), typed: typed() });
  });
  $("leave").addEventListener("click", () => { mended = null; show(false); });
  photos.addEventListener("change", () => {
    chosen = [...chosen, ...photos.files].slice(0, Number(photos.dataset.most));
    photos.value = "";
    pictures();
  });
  if (!(window.crypto && crypto.subtle)) $("pictures").replaceChildren(element("p", { className: "hint", textContent: words.no_photos }));

  const body = async () => {
    const values = typed(), one = (name) => (values[name] || [""])[0];
    const { checklist = NOTHING_TO_ASK } = await outbox.meta("taken");
    const numbers = [...form.querySelectorAll("textarea[id^=problem]")].map((_, number) => number);
    const answers = Object.fromEntries(Object.keys(values).filter((name) => name.startsWith("answer_") && one(name)).map((name) => [name.slice(7), one(name)]));
    return {
      link: link.uuid,
      on: one("on"),
      kind: one("kind"),
      companions: values.companions || [],
      checklist: checklist.version,
      answers: link.home ? answers : {},
      problems: numbers.map((number) => ({ text: one(`problem${number}`).trim(), outcome: one(`outcome${number}`) })).filter((raised) => raised.text),
      note: one("note"),
    };
  };
  let keeping = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (keeping) return;
    if (!fields.on.value) {
      $("problem").textContent = words.no_day;
      $("problem").hidden = false;
      fields.on.focus();
      return;
    }
    keeping = true;
    const old = mended, uuid = old && old.status !== 409 ? old.uuid : crypto.randomUUID ? crypto.randomUUID() : made();
    const files = chosen;
    await outbox.keep({ uuid, called: link.called, place: link.place, body: await body() }, files);
    if (old && old.uuid !== uuid) await outbox.remove(old.uuid);
    await outbox.db.drafts.delete([await outbox.who(), link.uuid]);
    mended = null;
    keeping = false;
    show(false);
    outbox.send();
  });
  const made = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

  draw();
  outbox.start();
})();
