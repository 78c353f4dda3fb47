// The writing box: drafts that the server keeps, texts that are put in, a moment to take an answer back.
const box = () => document.querySelector("[data-write]");
const area = () => box()?.querySelector("textarea");

// Answers wait a moment before they leave: only where this script can show how to take them back.
function ready() { for (const field of document.querySelectorAll("[data-undoable]")) field.value = "1"; }
ready();
document.addEventListener("htmx:afterSettle", ready);

let timer = 0;
let saving = Promise.resolve();
async function save() {
  const form = box();
  if (!form || form.dataset.sent) return;
  const fields = new FormData(form);
  const body = new URLSearchParams();
  for (const name of ["csrfmiddlewaretoken", "text", "kind", "seen", "version"]) body.set(name, fields.get(name) ?? "");
  try {
    const answer = await fetch(form.dataset.write, { method: "POST", body, credentials: "same-origin" });
    const told = await answer.json();
    if (box() !== form) return;
    form.elements.version.value = told.version;
    form.querySelector("[data-draft-state]").textContent = told.says;
  } catch { /* the text stands in the box; the next letter tries again */ }
}
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-write] textarea")) return;
  document.querySelector("#here")?.setAttribute("hx-vals", '{"writes": "1"}');
  clearTimeout(timer);
  timer = setTimeout(() => { saving = saving.then(save); }, 1200);
});
document.addEventListener("submit", (event) => { if (event.target.matches("[data-write]")) clearTimeout(timer); });

// "/" at the beginning of a line opens the replies, instead of standing there.
document.addEventListener("keydown", (event) => {
  const text = area();
  if (event.key !== "/" || event.target !== text || event.ctrlKey || event.metaKey) return;
  const before = text.value.slice(0, text.selectionStart);
  if (before && !before.endsWith("\n")) return;
  event.preventDefault();
  htmx.trigger("[data-replies]", "click");
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "replies") event.target.querySelector("[data-command]")?.focus();
});

// A suggestion or a canned reply goes where the cursor was.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-insert]");
  const text = area();
  if (!chosen || !text) return;
  const [from, to] = [text.selectionStart, text.selectionEnd];
  const lead = from && !text.value.slice(0, from).endsWith("\n") ? "\n\n" : "";
  text.setRangeText(lead + chosen.dataset.insert, from, to, "end");
  document.querySelector("#replies")?.replaceChildren();
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
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
  const form = event.target.closest?.("form[data-once]");
  if (form) delete form.dataset.sent;
});
