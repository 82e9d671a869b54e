/* Filling in with JavaScript: htmx sends each field as it is left; this file tells its state in words, tries again
   after a failure, keeps a local copy until the server has confirmed, and recomputes totals while somebody types.
   Without it the same page is one form with a save button. The server's figures always replace these. */
(() => {
  "use strict";

  const SAVING = "wordt opgeslagen …";
  const TYPING = "nog niet opgeslagen";
  const RETRYING = "niet opgeslagen, wordt opnieuw geprobeerd";
  const LOGGED_OUT = "niet opgeslagen: u bent uitgelogd. Log in een ander tabblad in; wij proberen het dan opnieuw";
  const REFUSED = "niet opgeslagen. Laad de pagina opnieuw; uw tekst blijft bewaard";
  const UNCERTAIN = { conflict: 409, invalid: 422 };
  const FIRST_WAIT = 2000;
  const LONGEST_WAIT = 30000;
  const CALM = 1500; // ms after the last save before the counts beside the sections are asked for

  const form = document.querySelector("[data-wsob-form]");
  document.documentElement.classList.add("js");
  if (!form) return;

  const live = document.getElementById("wsob-live");
  const unsaved = new Map(); // id of the cell -> waiting time before the next attempt, in ms
  const sent = new Map(); // id of the cell -> the text that is on its way
  const wrong = new Set(); // ids of the cells whose text was not accepted; their message stays until it is
  let asking; // the timer until the counts are asked for
  let answered = ""; // id of the cell whose answer has come

  /* Cells and their fields */
  const cellsOf = (id) => form.querySelectorAll(`[data-wsob-cell="${CSS.escape(id)}"]`);
  const cellOf = (element) => element.closest("[data-wsob-cell]");
  const field = (id) => document.getElementById(`f-${id}`);
  const version = (id) => document.getElementById(`v-${id}`);

  function tell(id, words, { aloud = false } = {}) {
    const state = document.getElementById(`s-${id}`);
    if (state) state.textContent = words;
    if (aloud && live) live.textContent = words;
  }

  /* Local copy: what was typed and is not confirmed survives a reload or an ended session. It keeps the version that it
     started from, so that a colleague who answered meanwhile is not overruled unseen. */
  const storageKey = (name) => `wsob:${location.pathname}:${name}`;

  function remember(id, control) {
    if (control.name && control.type !== "radio" && control.type !== "checkbox") {
      const kept = { text: control.value, version: version(id)?.value };
      sessionStorage.setItem(storageKey(control.name), JSON.stringify(kept));
    }
  }

  function forget(id) {
    for (const cell of cellsOf(id)) {
      for (const control of cell.querySelectorAll("[name]")) sessionStorage.removeItem(storageKey(control.name));
    }
  }

  function restore() {
    const restored = new Set();
    for (const control of form.querySelectorAll("input[type=text], textarea, select")) {
      const kept = JSON.parse(sessionStorage.getItem(storageKey(control.name)));
      const id = cellOf(control)?.dataset.wsobCell;
      if (!kept || !id) continue;
      if (kept.text === control.value) sessionStorage.removeItem(storageKey(control.name));
      else {
        control.value = kept.text;
        version(id).value = kept.version;
        restored.add(id);
      }
    }
    restored.forEach(send);
  }

  /* Saving */
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (token) event.detail.headers["X-CSRFToken"] = token[1];
  });

  form.addEventListener("htmx:beforeRequest", (event) => {
    const id = event.target.dataset.wsobCell;
    if (!id) return;
    if (!unsaved.has(id)) unsaved.set(id, FIRST_WAIT);
    sent.set(id, field(id)?.value);
    tell(id, SAVING);
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    const id = event.detail.requestConfig.elt.dataset.wsobCell; // not the target: a button that is gone tells its cell
    if (!id) return;
    const status = event.detail.xhr.status;
    if (status === 200) confirmed(id);
    else if (status === UNCERTAIN.invalid || status === UNCERTAIN.conflict) refused(id);
    else if (status === 401) later(id, LOGGED_OUT);
    else if (status === 403 || status === 404) tell(id, REFUSED, { aloud: true });
    else later(id, RETRYING);
  });

  function confirmed(id) {
    unsaved.delete(id);
    wrong.delete(id);
    savedWords.delete(id);
    forget(id);
    mark(id, false);
    const control = field(id);
    if (control && "defaultValue" in control) control.defaultValue = sent.get(id);
    if (control && sent.get(id) !== control.value) {
      remember(id, control); // somebody typed on while the answer was on its way
      tell(id, TYPING);
    }
    for (const cell of cellsOf(id)) {
      const clear = cell.querySelector('input[name$="~c"]:checked');
      if (clear) {
        clear.checked = false;
        for (const radio of form.querySelectorAll(`input[type=radio][name="${CSS.escape(clear.name.slice(0, -2))}"]`)) radio.checked = false;
      }
    }
    if (live) live.textContent = "opgeslagen";
    clearTimeout(asking);
    asking = setTimeout(() => htmx.ajax("GET", form.dataset.wsobStanding, { source: form, swap: "none" }), CALM);
  }

  function refused(id) {
    unsaved.delete(id);
    wrong.add(id);
    mark(id, true);
    if (live) live.textContent = document.getElementById(`m-${id}`)?.textContent.trim() ?? "";
  }

  function mark(id, isWrong) {
    const control = field(id);
    const messages = document.getElementById(`m-${id}`); // an element with an id has its old class until htmx has settled
    const hasError = isWrong || Boolean(messages?.querySelector(".message--error:not([id]), .signal--error, [data-wsob-mark=error]"));
    control?.toggleAttribute("aria-invalid", hasError);
    if (hasError) control?.setAttribute("aria-invalid", "true");
    if (control?.matches(".form-control")) control.classList.toggle("is-invalid", hasError);
    const question = document.getElementById(`q-${id}`);
    question?.classList.toggle("q--error", hasError);
    question?.classList.toggle("q--warning", !hasError && Boolean(messages?.querySelector("[data-wsob-mark=warning]")));
  }

  function later(id, words) {
    const wait = unsaved.get(id) ?? FIRST_WAIT;
    unsaved.set(id, Math.min(wait * 2, LONGEST_WAIT));
    tell(id, words, { aloud: true });
    setTimeout(() => unsaved.has(id) && send(id), wait);
  }

  function send(id) {
    const cell = cellsOf(id)[0];
    if (cell) htmx.trigger(cell, "change");
  }

  addEventListener("online", () => unsaved.forEach((_, id) => send(id)));
  addEventListener("beforeunload", (event) => {
    if (unsaved.size && !form.dataset.wsobLeaving) event.preventDefault();
  });
  form.addEventListener("submit", () => { form.dataset.wsobLeaving = "yes"; });

  /* What a save brings along: which questions are asked now */
  document.body.addEventListener("wsob:visible", (event) => {
    for (const [id, isVisible] of Object.entries(event.detail)) {
      for (const prefix of ["q-", "r-"]) {
        const element = document.getElementById(prefix + id);
        if (element) element.hidden = !isVisible;
      }
      for (const table of form.querySelectorAll(`[data-wsob-shown-with="q-${CSS.escape(id)}"]`)) table.hidden = !isVisible;
      const block = document.getElementById(`q-${id}`)?.closest(".block");
      if (block) block.hidden = !block.querySelector("[data-wsob-cell]:not([hidden])");
    }
    for (const group of form.querySelectorAll("[data-wsob-group]")) group.hidden = !group.querySelector('[id^="q-"]:not([hidden])');
  });

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    answered = event.detail.requestConfig?.elt.dataset.wsobCell ?? "";
  });

  const messagesOf = (element) => (element.id?.startsWith("m-") ? element.id.slice(2) : "");

  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const id = messagesOf(event.target);
    if (wrong.has(id) && id !== answered) event.detail.shouldSwap = false; // the server does not know what stands there
  });

  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    const id = messagesOf(event.target);
    if (id && !unsaved.has(id) && (id === answered || !wrong.has(id))) mark(id, false);
  });

  /* Typing */
  form.addEventListener("input", (event) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    const id = cell.dataset.wsobCell;
    remember(id, event.target);
    if (event.target.type !== "radio" && event.target.type !== "checkbox") type(id, event.target);
    compare(id, event.target);
    recompute();
  });

  /* A text that is typed back to what was saved is no change: the browser sends nothing, so nothing is open */
  const savedWords = new Map();

  function type(id, control) {
    const state = document.getElementById(`s-${id}`);
    if (!savedWords.has(id)) savedWords.set(id, state?.textContent ?? "");
    if (control.value === control.defaultValue && !unsaved.has(id)) {
      tell(id, savedWords.get(id));
      forget(id);
    } else tell(id, TYPING);
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { wsobFill, wsobFor, wsobKeep, wsobTake, wsobValue } = button.dataset;
    if (wsobFill) put(document.getElementById(wsobFor), wsobFill);
    if (wsobKeep) send(wsobKeep);
    if (wsobTake) put(field(wsobTake), wsobValue);
  });

  function put(control, text) {
    if (control.matches(".choice")) {
      const radio = control.querySelector(`input[value="${CSS.escape(text)}"]`);
      if (radio) radio.checked = true;
      radio?.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    control.value = text;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
    control.focus();
  }

  /* Figures: read and written in Dutch, in hundredths so that they add up exactly */
  function hundredths(text) {
    const bare = text.replace(/[\s€%]/g, "").replace("−", "-");
    const grouped = /^-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/.test(bare);
    const plain = grouped ? bare.replaceAll(".", "") : bare;
    if (!/^-?\d+([.,]\d{1,2})?$/.test(plain)) return null;
    return Math.round(Number(plain.replace(",", ".")) * 100);
  }

  const dutch = new Intl.NumberFormat("nl-NL", { maximumFractionDigits: 2 });

  function numberOf(name) {
    const control = form.elements[name];
    if (control) {
      if (control.closest?.("[hidden]")) return null;
      return typeof control.value === "string" ? hundredths(control.value) : null;
    }
    const output = form.querySelector(`output[data-wsob-name="${CSS.escape(name)}"]`);
    return output ? hundredths(output.textContent) : undefined;
  }

  const FORMULAS = {
    sum: (numbers) => added(numbers),
    sum_rows: (numbers) => added(numbers),
    difference: (numbers) => (numbers.includes(null) ? null : numbers[0] - (added(numbers.slice(1)) ?? 0)),
    remainder: (numbers) => (numbers[0] === null ? null : numbers[0] - (added(numbers.slice(1)) ?? 0)),
  };

  function added(numbers) {
    const given = numbers.filter((one) => one !== null);
    return given.length ? given.reduce((sum, one) => sum + one, 0) : null;
  }

  function recompute() {
    for (const output of form.querySelectorAll("output[data-wsob-formula]")) {
      const [operation, ...names] = output.dataset.wsobFormula.split(" ");
      const numbers = operation in FORMULAS ? names.map(numberOf) : [undefined];
      if (numbers.includes(undefined)) continue; // not all on this page: the server tells
      const outcome = FORMULAS[operation](numbers);
      output.textContent = outcome === null ? "–" : dutch.format(outcome / 100);
    }
  }

  function compare(id, control) {
    const difference = document.getElementById(`d-${id}`);
    if (!difference || control.id !== `f-${id}`) return;
    const now = hundredths(control.value);
    const then = hundredths(difference.dataset.wsobLast);
    if (now === null || then === null) difference.textContent = "";
    else if (now === then) difference.textContent = "gelijk";
    else {
      const sign = now > then ? "+" : "−";
      const share = then ? ` (${sign}${Math.round((Math.abs(now - then) / Math.abs(then)) * 100)}%)` : "";
      difference.textContent = `${sign}${dutch.format(Math.abs(now - then) / 100)}${share}`;
    }
  }

  document.addEventListener("DOMContentLoaded", restore); // htmx listens by then
})();
