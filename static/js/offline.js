// Checks made without network: kept on this device for at most a shift, and sent when the network is back.
// Holds opaque keys, codes and instants only, never a name or a word; forgets them at sign-out and when somebody else signs in.
"use strict";
(() => {
  const { owner, send, words, instead, signOut } = document.currentScript.dataset;
  const say = JSON.parse(words);
  const STORE = "samvirke-checks";
  const SHIFT = 12 * 60 * 60 * 1000;
  const CALM = ["calm", "asleep"];
  const root = document.documentElement;
  // The server's clock rules: the device's may be wrong.
  const ahead = root.dataset.now ? Date.now() - Date.parse(root.dataset.now) : 0;
  const now = () => Date.now() - ahead;
  const clock = (instant) => new Intl.DateTimeFormat("nb-NO", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Oslo" }).format(instant).replace(":", ".");

  const about = (address, check) => address.replace("00000000-0000-0000-0000-000000000000", check.measure);
  const forget = () => localStorage.removeItem(STORE);
  const read = () => {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(STORE));
    } catch {
      kept = null;
    }
    // Somebody else's, or broken: gone. Older than a shift: gone too.
    if (!kept || kept.owner !== owner || !Array.isArray(kept.checks)) {
      forget();
      return [];
    }
    return kept.checks.filter((check) => now() - Date.parse(check.at) < SHIFT);
  };
  const write = (checks) => {
    if (checks.length) localStorage.setItem(STORE, JSON.stringify({ owner, checks }));
    else forget();
  };
  const fresh = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  // What waits, told at the top of the page.
  const draw = () => {
    document.getElementById("kept-checks")?.remove();
    const checks = read();
    if (!checks.length) return;
    const box = document.createElement("div");
    box.id = "kept-checks";
    box.className = "ds-alert";
    box.dataset.color = "warning";
    box.setAttribute("role", "status");
    const waiting = checks.filter((check) => !check.refused);
    const line = (text) => {
      const made = document.createElement("p");
      made.textContent = text;
      box.append(made);
      return made;
    };
    if (waiting.length) line(say.waiting.replace("{count}", waiting.length).replace("{times}", waiting.map((check) => clock(Date.parse(check.at))).join(", ")));
    for (const check of checks.filter((one) => one.refused)) {
      const refused = line(say.refused.replace("{time}", clock(Date.parse(check.at))) + " ");
      const link = document.createElement("a");
      link.className = "ds-link";
      link.href = about(instead, check);
      link.textContent = say.instead;
      const done = document.createElement("button");
      done.type = "button";
      done.className = "ds-button";
      done.dataset.variant = "tertiary";
      done.textContent = say.dismiss;
      done.addEventListener("click", () => {
        write(read().filter((one) => one.key !== check.key));
        draw();
      });
      refused.append(link, " ", done);
    }
    document.getElementById("content")?.prepend(box);
  };

  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  const post = (url, body, headers = {}) =>
    fetch(url, { method: "POST", body, headers, redirect: "manual", credentials: "same-origin", signal: AbortSignal.timeout(8000) });

  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  };
  const tell = (form, text) => {
    const place = form.querySelector(".kept-line");
    if (place) place.textContent = text;
  };

  const keep = (form, state, at) => {
    const key = form.querySelector("input[name=key]");
    const check = { key: key.value, measure: form.dataset.check, state, at: new Date(at).toISOString() };
    write([...read(), check]);
    // The next press is the next check.
    key.value = fresh();
    setTimeout(() => release(form), 0);
    tell(form, say.kept.replace("{time}", clock(at)));
    draw();
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (new URL(form.action, location.href).pathname === signOut) {
      forget();
      return;
    }
    const state = event.submitter?.value;
    if (!form.matches("[data-check]") || event.submitter?.name !== "state" || event.defaultPrevented) return;
    if (form.dataset.plain) {
      delete form.dataset.plain;
      return;
    }
    // Another time or a note: the page itself must go, since nothing written is ever kept here.
    const typed = ["occurred_clock", "note"].some((name) => form.elements[name]?.value.trim());
    if (!CALM.includes(state) || typed) {
      if (navigator.onLine) return;
      event.preventDefault();
      setTimeout(() => release(form), 0);
      tell(form, CALM.includes(state) ? say.words : say.worry);
      return;
    }
    event.preventDefault();
    const at = now();
    if (!navigator.onLine) {
      keep(form, state, at);
      return;
    }
    let answer;
    try {
      answer = await post(form.action, new URLSearchParams(new FormData(form, event.submitter)), { "X-Samvirke-Script": "1" });
    } catch {
      keep(form, state, at);
      return;
    }
    const next = answer.headers.get("X-Samvirke-Next");
    if (answer.status === 204 && next) {
      location.assign(next);
      return;
    }
    // Refused, or signed out meanwhile: let the page go as it would without this file. The key makes sure it is saved once.
    release(form);
    form.dataset.plain = "1";
    form.requestSubmit(event.submitter);
  });

  let sending = false;
  const flush = async () => {
    if (sending || !navigator.onLine || !token()) return;
    sending = true;
    let sent = 0;
    try {
      for (const check of read()) {
        if (check.refused) continue;
        const body = new URLSearchParams({ csrfmiddlewaretoken: token(), key: check.key, state: check.state, occurred_at: check.at });
        const answer = await post(about(send, check), body);
        if (answer.status === 204) {
          write(read().filter((one) => one.key !== check.key));
          sent += 1;
        } else if ([404, 409, 422].includes(answer.status)) {
          write(read().map((one) => (one.key === check.key ? { ...one, refused: true } : one)));
        } else {
          break; // signed out, or the server is ill: keep it and try later
        }
      }
    } catch {
      // Still no network.
    }
    sending = false;
    draw();
    if (sent && document.querySelector("[data-round]")) location.reload();
  };

  write(read());
  draw();
  flush();
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  setInterval(flush, 30000);
})();
