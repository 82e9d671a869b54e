/* Signals. What somebody writes in an explanation survives the messages that come in around it, and a save that failed
   says so at its button. Without it the same buttons are plain forms. */
(() => {
  "use strict";

  const FAILED = "Niet bewaard. Probeer het nog eens.";
  const LOGGED_OUT = "Niet bewaard: u bent uitgelogd. Log in een ander tabblad in en probeer het nog eens.";
  const REFUSED = "Niet bewaard. Laad de pagina opnieuw.";
  const storageKey = `wsob-uitleg:${location.pathname}`;
  const fieldsIn = (root) => root.querySelectorAll(".explain-fields [name]");
  const signalOf = (element) => element.closest("[id^='s-']");

  /* A reason or a text of an explanation is no answer: the field around it must not be saved for it */
  for (const type of ["change", "input"]) {
    document.addEventListener(type, (event) => {
      if (event.target.closest?.(".explain-fields")) event.stopPropagation();
    }, true);
  }

  /* What was typed and not sent, by the name of its field; which forms were open; where the focus was */
  let typed = new Map();
  const opened = new Set();
  let focused = "";
  let sent = ""; // id of the signal whose explanation was kept

  function before(control) {
    if (control.matches("select")) return [...control.options].find((one) => one.defaultSelected)?.value ?? "";
    return control.defaultValue;
  }

  function keep(root) {
    for (const control of fieldsIn(root)) {
      if (signalOf(control).id === sent || control.value === before(control)) typed.delete(control.name);
      else typed.set(control.name, control.value);
      if (control === document.activeElement) focused = control.name;
    }
    for (const details of root.querySelectorAll("details.explain")) {
      const { id } = signalOf(details);
      if (details.open && id !== sent) opened.add(id);
      else opened.delete(id);
    }
  }

  function giveBack(root) {
    for (const control of fieldsIn(root)) {
      if (typed.has(control.name)) control.value = typed.get(control.name);
      if (control.name === focused) control.focus();
    }
    for (const details of root.querySelectorAll("details.explain")) details.open ||= opened.has(signalOf(details).id);
  }

  /* Beside a field: the messages are replaced after every save that they hang on */
  const holdsMessages = (element) => /^ms?-/.test(element.id ?? "");
  document.addEventListener("htmx:beforeSwap", (event) => {
    const signal = signalOf(event.detail.requestConfig.elt);
    focused = "";
    sent = event.detail.xhr.status === 200 && signal ? signal.id : "";
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => { if (holdsMessages(event.target)) keep(event.target); });
  document.addEventListener("htmx:oobAfterSwap", (event) => { if (holdsMessages(event.target)) giveBack(event.target); });

  document.addEventListener("htmx:afterRequest", (event) => {
    const state = signalOf(event.target)?.querySelector(".explain-state");
    const { status } = event.detail.xhr;
    if (!state || status === 200 || status === 422) return;
    state.textContent = status === 401 ? LOGGED_OUT : status === 403 || status === 404 ? REFUSED : FAILED;
  });

  /* On the page Controleren: one explanation is sent and the page comes anew; what was typed at the others comes back */
  document.addEventListener("submit", (event) => {
    sent = signalOf(event.target)?.id ?? "";
    keep(document);
    if (typed.size) sessionStorage.setItem(storageKey, JSON.stringify([...typed]));
  });
  typed = new Map(JSON.parse(sessionStorage.getItem(storageKey) ?? "[]"));
  sessionStorage.removeItem(storageKey);
  giveBack(document);
})();
