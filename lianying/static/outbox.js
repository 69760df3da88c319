// Visits that this device keeps until the server has them, and own links for the way. Loaded by the pages of visits.
// A record is stored before anything else is done with it; it leaves the device when the server has it, or never.
window.outbox = (() => {
  "use strict";
  const { own, worker, visit, blob } = document.currentScript.dataset;
  const WEEK = 604_800_000, SOONEST = 4_000, LATEST = 300_000;
  const db = new Dexie("lianying-visits", { chromeTransactionDurability: "strict" });
  db.version(1).stores({ meta: "name", links: "uuid", records: "uuid, owner", photos: "++id, record", drafts: "[owner+link], at" });

  const changed = () => document.dispatchEvent(new Event("outbox"));
  const meta = async (name) => (await db.meta.get(name)) || {};
  const who = async () => (await meta("who")).value || "";
  const token = () => (document.cookie.match(/(?:^|; )lianying_csrf=([^;]+)/) || [])[1] || "";
  let signedIn = true;

  // Own links: short name, place, open problems. They go after a week, when somebody else signs in, and at sign-out (see
  // desk.js). What was not sent stays, shown to whoever wrote it alone.
  const tidy = async () => {
    const taken = await meta("taken");
    if (taken.at && Date.now() - taken.at > WEEK) await Promise.all([db.links.clear(), db.meta.delete("taken")]);
    const old = Date.now() - WEEK;
    await db.drafts.where("at").below(old).delete();
    await db.records.filter((one) => one.state === "sent" && one.sentAt < old).delete();
  };
  const refresh = async () => {
    const answer = await fetch(own, { redirect: "manual", headers: { Accept: "application/json" } });
    signedIn = ![401, 403].includes(answer.status) && answer.type !== "opaqueredirect";
    if (!signedIn) return false;
    const taken = await answer.json();
    await db.transaction("rw", db.meta, db.links, async () => {
      await db.links.clear();
      await db.links.bulkPut(taken.links.map((link, order) => ({ ...link, order })));
      await db.meta.bulkPut([{ name: "who", value: taken.who }, { name: "taken", at: Date.now(), people: taken.people, checklist: taken.checklist }]);
    });
    return true;
  };

  const mine = async () => {
    const owner = await who();
    return owner ? (await db.records.where("owner").equals(owner).toArray()).sort((one, other) => one.at - other.at) : [];
  };
  const keep = async (record, files) => {
    await db.records.put({ ...record, owner: await who(), at: Date.now(), state: "waiting", errors: [], pause: "", lost: files.length });
    changed();
    await db.transaction("rw", db.records, db.photos, async () => {
      await db.photos.where("record").equals(record.uuid).delete();
      await db.photos.bulkAdd(files.map((raw) => ({ record: record.uuid, raw })));
      await db.records.update(record.uuid, { lost: 0 });
    }).catch(() => null); // no room for them: the record says how many were lost
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => false);
    changed();
  };
  const remove = async (uuid) => {
    await db.transaction("rw", db.records, db.photos, async () => {
      await db.photos.where("record").equals(uuid).delete();
      await db.records.delete(uuid);
    });
    changed();
  };

  // Photos are made small and named by what is in them; a device that is switched off meanwhile begins where it was.
  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const photosOf = (uuid) => db.photos.where("record").equals(uuid).toArray();
  const prepared = async (uuid) => {
    for (const photo of (await photosOf(uuid)).filter((one) => !one.sha256)) {
      const file = await shrunk(photo.raw);
      const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      await db.photos.update(photo.id, { file, sha256, raw: null });
    }
    return photosOf(uuid);
  };

  const put = async (address, owner, body, type) => {
    const headers = { "X-CSRFToken": token(), "X-Account": owner, "Content-Type": type, Accept: "application/json" };
    const answer = await fetch(address, { method: "PUT", redirect: "manual", headers, body });
    const said = await answer.json().catch(() => null);
    // Somebody else's page in between is no answer.
    if (answer.ok && !said) throw new TypeError("no answer of the server");
    return { status: answer.type === "opaqueredirect" ? 401 : answer.status, said: said || {} };
  };
  const texts = (said) => Object.values(said.errors || {}).flat();
  const settled = async (uuid, { status, said }) => {
    if ([401, 403].includes(status)) {
      signedIn = false;
      await db.records.update(uuid, { pause: "sign-in" });
    } else if (status === 413) await db.records.update(uuid, { pause: "too-large" });
    else if ([404, 409, 422].includes(status)) await db.records.update(uuid, { state: "held", status, errors: texts(said) });
    else throw new TypeError(`status ${status}`);
  };
  const sendOne = async (record) => {
    const { uuid, owner } = record;
    await db.records.update(uuid, { pause: "" });
    const photos = await prepared(uuid);
    const body = JSON.stringify({ ...record.body, photos: [...new Set(photos.map((one) => one.sha256))] });
    const answer = await put(visit.replace("0", uuid), owner, body, "application/json");
    if (![200, 201].includes(answer.status)) return settled(uuid, answer);
    for (const sha256 of answer.said.missing) {
      const photo = photos.find((one) => one.sha256 === sha256);
      if (!photo) continue;
      const taken = await put(blob.replace("0", sha256), owner, photo.file, photo.file.type || "application/octet-stream");
      if (![200, 201].includes(taken.status)) return settled(uuid, taken);
      changed();
    }
    const { uncounted, requests, page } = answer.said;
    await db.transaction("rw", db.records, db.photos, async () => {
      await db.photos.where("record").equals(uuid).delete();
      await db.records.update(uuid, { state: "sent", sentAt: Date.now(), body: { on: record.body.on }, result: { uncounted, requests, page } });
    });
    return null;
  };

  // One pass at a time, also among several tabs. What fails is tried again: after seconds, later after minutes.
  let running = null, timer = 0, tries = 0;
  const pass = async () => {
    if (!(await refresh())) return true;
    let well = true;
    for (const record of (await mine()).filter((one) => one.state === "waiting")) {
      try {
        await sendOne(record);
      } catch {
        well = false;
      }
      changed();
    }
    return well;
  };
  const alone = (work) => navigator.locks
    ? navigator.locks.request("lianying-outbox", { ifAvailable: true }, (lock) => (lock ? work() : false))
    : work();
  const send = () => {
    clearTimeout(timer);
    running ??= alone(pass).catch(() => false).then((well) => {
      running = null;
      tries = well ? 0 : tries + 1;
      if (!well) timer = setTimeout(send, Math.min(SOONEST * 2 ** (tries - 1), LATEST) * (0.75 + Math.random() / 2));
      changed();
    });
    changed();
    return running;
  };

  const written = async () => {
    const unsent = (await mine()).filter((one) => one.state !== "sent");
    const text = (file) => new Promise((resolve, fail) => {
      const reader = Object.assign(new FileReader(), { onload: () => resolve(reader.result), onerror: fail });
      reader.readAsDataURL(file);
    });
    return Promise.all(unsent.map(async ({ uuid, called, place, body, errors }) => {
      const photos = (await photosOf(uuid)).map((one) => text(one.file || one.raw));
      return { uuid, called, place, errors, ...body, photos: await Promise.all(photos) };
    }));
  };

  const start = async () => {
    await tidy();
    changed();
    if (navigator.serviceWorker) navigator.serviceWorker.register(worker).catch(() => null);
    window.addEventListener("online", send);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
    await send();
  };

  const notice = document.querySelector("[data-waiting]");
  if (notice) {
    document.addEventListener("outbox", async () => {
      const count = (await mine()).filter((one) => one.state !== "sent").length;
      notice.hidden = !count;
      notice.querySelector("b").textContent = count;
    });
    start();
  }
  return {
    db, meta, who, mine, keep, remove, send, start, written, photosOf,
    get isSending() { return Boolean(running); },
    get isSignedIn() { return signedIn; },
  };
})();
