// Improvements only: every page works without this file. Stores nothing in the browser; see offline.js for the one that does.
"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => from.querySelectorAll(selector);

  // Errors first: the summary takes focus, so that a screen reader reads it and the keyboard starts there.
  document.querySelector("[data-focus]")?.focus();

  // Links that need the browser are shown only when it can do what they say.
  all("[data-print]").forEach((link) => link.removeAttribute("hidden"));

  // A form is sent once. aria-disabled, not disabled: a disabled button drops its own value from the form.
  const release = (form) => {
    delete form.dataset.sent;
    all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "1";
    setTimeout(() => all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true")), 0);
    setTimeout(() => release(form), 8000);
  }, true);
  // Back from the next page by the browser's arrow: the form must work again.
  window.addEventListener("pageshow", () => all("[data-once]").forEach(release));

  // Folded panels close on Escape, and give focus back to what opened them; menus also on a click outside and when focus leaves.
  const menus = ":is(.top__user, .menu__more > details, .tools-more)[open]";
  const leave = (target) => all(menus).forEach((menu) => {
    if (!menu.contains(target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector(menus) || document.querySelector(".quick[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("focusin", (event) => leave(event.target));
  document.addEventListener("click", (event) => {
    leave(event.target);
    if (event.target.closest("[data-print]")) {
      event.preventDefault();
      window.print();
    }
  });

  // An opened quick form scrolls so far that all its buttons show.
  document.addEventListener("toggle", (event) => {
    const panel = event.target;
    if (panel.open && panel.matches(".quick")) panel.scrollIntoView({ block: "nearest" });
  }, true);

  // Badges count on while the tab is seen. The server's clock rules: the machine's may be wrong.
  const ahead = root.dataset.now ? Date.now() - Date.parse(root.dataset.now) : 0;
  const span = (minutes) => {
    const rest = Math.floor(Math.abs(minutes));
    const hours = Math.floor(rest / 60);
    if (hours >= 24) return null;
    if (!hours) return `${rest} min`;
    return rest % 60 ? `${hours} t ${rest % 60} min` : `${hours} t`;
  };
  const recount = () => {
    if (document.hidden || !root.dataset.now) return;
    all('time.deadline[data-deadline="overdue"], time.deadline[data-deadline="soon"]').forEach((badge) => {
      // Dates without a time are whole days: the server tells those.
      if (!badge.dateTime.includes("T")) return;
      const left = (Date.parse(badge.dateTime) - (Date.now() - ahead)) / 60000;
      const words = span(left);
      if (words === null) return;
      if (left < 0) badge.dataset.deadline = "overdue";
      const text = left < 0 ? root.dataset.textOverdue : root.dataset.textSoon;
      badge.lastElementChild.textContent = text.replace("{duration}", words);
    });
  };
  setInterval(recount, 30000);
  document.addEventListener("visibilitychange", recount);

  // The net is gone: say plainly that nothing was saved, where the eyes are, and let the buttons work again.
  document.addEventListener("htmx:error", (event) => {
    const from = event.target instanceof Element ? event.target : document;
    const place = from.closest?.("section")?.querySelector(".status-area") || document.getElementById("messages");
    if (place) {
      const line = document.createElement("p");
      line.className = "not-saved";
      line.textContent = root.dataset.textUnsaved;
      place.replaceChildren(line);
    }
    all("[data-once]").forEach(release);
  });
  // After a swap, focus goes to what came, if it asks for it.
  document.addEventListener("htmx:after:swap", () => document.querySelector("[data-focus-after-swap]")?.focus());
})();
