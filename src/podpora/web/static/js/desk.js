// The desk without a mouse. Listeners hang on the document, so they work after every htmx swap; never while typing in a field.
const typing = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable], dialog[open]");
const find = (selector) => document.querySelector(selector);
const press = (selector) => { const found = find(selector); if (found) found.click(); return Boolean(found); };

function move(step) {
  const all = [...document.querySelectorAll("[data-keys] a")];
  if (!all.length) return press(step > 0 ? "[data-following]" : "[data-previous]");
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function compose(kind) {
  const form = find("[data-write]");
  if (!form) return;
  form.querySelector(`[name=kind][value=${kind}]`).checked = true;
  form.querySelector("textarea").focus();
  form.scrollIntoView({ block: "nearest" });
}

function command() {
  const dialog = find("#command");
  if (!dialog || dialog.open) return;
  dialog.showModal();
  const field = dialog.querySelector("input");
  field.value = "";
  htmx.trigger(field, "open-command");
}

const deeds = {
  j: () => move(1), k: () => move(-1), o: () => document.activeElement?.closest("[data-keys] a")?.click(),
  x: () => document.dispatchEvent(new CustomEvent("desk:choose")),
  r: () => compose("reply"), n: () => compose("note"), u: () => press("[data-back]"),
  i: () => press('[data-press-key="i"]'), "?": () => find("#keys")?.showModal(),
};

// `g` and a letter: a view.
let going = 0;
function go(key) {
  const waited = Date.now() - going;
  going = 0;
  if (waited > 1500) return false;
  const url = JSON.parse(find("#views")?.textContent || "{}")[key];
  if (url) location.href = url;
  return Boolean(url);
}

function pressed(key) {
  if (going && go(key)) return true;
  if (key === "g") { going = Date.now(); return true; }
  if (deeds[key]) { deeds[key](); return true; }
  const panel = find(`[data-panel-key="${CSS.escape(key)}"]`);
  if (panel) { htmx.trigger(panel, "click"); panel.closest("details")?.removeAttribute("open"); return true; }
  return press(`[data-insert][data-key="${CSS.escape(key)}"]`);
}

document.addEventListener("keydown", (event) => {
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === "k") { event.preventDefault(); command(); return; }
  if (control && event.key === "Enter") {
    const form = event.target.closest("[data-write]");
    if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("button.main")); }
    return;
  }
  if (control && event.key.toLowerCase() === "z" && !(typing(event.target) && event.target.value)) {
    if (press("[data-undo]")) event.preventDefault();
    return;
  }
  if (event.key === "Escape") { escape(event); return; }
  if (control || event.altKey || typing(event.target)) return;
  if (pressed(event.key)) event.preventDefault();
});

// Esc: the panel, then the choice, then the field.
function escape(event) {
  if (event.target.closest("dialog[open]")) return;
  const panel = find("[data-panel]");
  if (panel) { panel.parentElement.replaceChildren(); return; }
  if (typing(event.target)) { event.target.blur(); return; }
  document.dispatchEvent(new CustomEvent("desk:escape"));
}
document.addEventListener("click", (event) => {
  const cancel = event.target.closest("[data-panel] [data-cancel]");
  if (cancel && cancel.closest("#changing")) { event.preventDefault(); find("#changing").replaceChildren(); }
  const tag = event.target.closest("[data-add-tag]");
  if (tag) {
    const field = find("#tags");
    field.value = [...field.value.split(",").map((name) => name.trim()).filter(Boolean), tag.dataset.addTag].join(", ");
    field.focus();
  }
  // A deed of the command bar is the same as its key.
  const chosen = event.target.closest("[data-command][data-press]");
  if (chosen) { find("#command")?.close(); pressed(chosen.dataset.press); }
});

// Arrows move in lists of commands and replies.
document.addEventListener("keydown", (event) => {
  const list = event.target.closest("dialog.command, .replies");
  if (!list || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  const all = [...list.querySelectorAll("[data-command]")];
  const here = all.indexOf(document.activeElement);
  if (event.key === "Enter") { if (here < 0 && all.length) { event.preventDefault(); all[0].click(); } return; }
  event.preventDefault();
  const next = here + (event.key === "ArrowDown" ? 1 : -1);
  if (next < 0) list.querySelector("input")?.focus(); else all[Math.min(all.length - 1, next)]?.focus();
});

// What was swapped in begins where the eye should be: at a problem, or at the first choice.
document.addEventListener("htmx:afterSwap", (event) => {
  const begin = event.target.querySelector("[data-errors], [autofocus]");
  if (begin) begin.focus();
});
