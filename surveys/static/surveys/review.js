/* Reviewing by keyboard: from signal to signal and from organisation to organisation.
   Single letters do something only after "Sneltoetsen" was switched on (WCAG 2.1.4), and never while somebody types. */
(() => {
  "use strict";
  const KEPT = "wsob-sneltoetsen";
  const toggle = document.querySelector("[data-shortcuts]");
  if (!toggle) return;
  const signals = [...document.querySelectorAll("[data-signal]")];

  function show(isOn) {
    toggle.setAttribute("aria-pressed", String(isOn));
    document.getElementById("sneltoetsen").hidden = !isOn;
  }

  function isOn() {
    return toggle.getAttribute("aria-pressed") === "true";
  }

  /* Where the reader is: at the signal with the focus, or else at the last one above the middle of the window. */
  function place() {
    const focused = signals.findIndex((one) => one.contains(document.activeElement));
    if (focused >= 0) return focused;
    return signals.filter((one) => one.getBoundingClientRect().bottom < window.innerHeight / 2).length - 0.5;
  }

  function step(by) {
    const next = by > 0 ? Math.floor(place()) + 1 : Math.ceil(place()) - 1;
    const signal = signals[next];
    if (signal) signal.focus();
  }

  function follow(link) {
    if (link) link.click();
  }

  const KEYS = {
    n: () => step(1),
    p: () => step(-1),
    j: () => follow(document.querySelector("a[rel=next]")),
    k: () => follow(document.querySelector("a[rel=prev]")),
    a: () => {
      const here = signals.find((one) => one.contains(document.activeElement));
      if (here) follow(here.querySelector("[data-ask]"));
    },
  };

  toggle.addEventListener("click", () => {
    show(!isOn());
    try {
      localStorage.setItem(KEPT, isOn() ? "aan" : "uit");
    } catch {
      /* Not remembered where the browser keeps nothing; it works all the same. */
    }
  });

  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const act = KEYS[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  try {
    show(localStorage.getItem(KEPT) === "aan");
  } catch {
    show(false);
  }
})();
