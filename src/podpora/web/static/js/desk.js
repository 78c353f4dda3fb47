// The desk without a mouse. Listeners hang on the document, so they work after every htmx swap; never while typing in a field.
const typing = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable], dialog[open]");

function rows() { return [...document.querySelectorAll("[data-keys] a")]; }

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function compose(kind) {
  const form = document.querySelector("[data-write]");
  if (!form) return;
  form.querySelector(`[name=kind][value=${kind}]`).checked = true;
  form.querySelector("textarea").focus();
  form.scrollIntoView({ block: "nearest" });
}

const deeds = {
  j: () => move(1),
  k: () => move(-1),
  r: () => compose("reply"),
  n: () => compose("note"),
  a: () => document.querySelector("[data-assign]")?.click(),
  u: () => document.querySelector("[data-back]")?.click(),
  "?": () => document.querySelector("#keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest("[data-write]");
    if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("button.main")); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const deed = deeds[event.key];
  if (deed) { event.preventDefault(); deed(); }
});

// What was swapped in begins where the eye should be: at a problem, or at the first choice.
document.addEventListener("htmx:afterSwap", (event) => {
  const begin = event.target.querySelector("[data-errors], [autofocus]");
  if (begin) begin.focus();
});

// The names of chosen files stand on the button.
document.addEventListener("change", (event) => {
  if (!event.target.matches(".file-button input")) return;
  const names = [...event.target.files].map((file) => file.name).join(", ");
  const label = event.target.closest(".file-button").querySelector("span");
  label.dataset.word ??= label.textContent;
  label.lastChild.textContent = names || label.dataset.word;
});

// A form that htmx sends is free again when the answer did not come.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form[data-once]");
  if (form) delete form.dataset.sent;
});
