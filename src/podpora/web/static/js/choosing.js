// Choosing tickets of a list: by a click, with Shift a range, with x by keyboard; kept while one turns pages.
// Listeners hang on the document, so they work after every htmx swap.
const KEPT = "chosen-tickets";
const bulk = () => document.querySelector("form[data-bulk]");
const shown = () => [...document.querySelectorAll("[data-row] input[name=ticket]")];

function kept() {
  try { return new Set(JSON.parse(sessionStorage.getItem(KEPT) || "[]")); } catch { return new Set(); }
}
function keep(codes) {
  try { sessionStorage.setItem(KEPT, JSON.stringify([...codes])); } catch { /* private windows */ }
}

function remember() {
  const codes = kept();
  for (const box of shown()) if (box.checked) codes.add(box.value); else codes.delete(box.value);
  keep(codes);
  draw(codes);
}

// What is chosen on other pages goes along as hidden fields.
function draw(codes) {
  const form = bulk();
  if (!form) return;
  form.classList.toggle("is-choosing", codes.size > 0);
  const words = form.querySelector("[data-chosen]");
  words.dataset.words ??= words.textContent;
  words.textContent = codes.size ? form.dataset.bulk.replace("{n}", codes.size) : words.dataset.words;
  const here = new Set(shown().map((box) => box.value));
  for (const old of form.querySelectorAll("[data-kept]")) old.remove();
  for (const code of codes) {
    if (here.has(code)) continue;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "ticket", value: code });
    field.dataset.kept = "";
    form.append(field);
  }
  const page = form.querySelector("[data-choose-page]");
  const checked = shown().filter((box) => box.checked).length;
  page.checked = checked > 0 && checked === here.size;
  page.indeterminate = checked > 0 && !page.checked;
}

function restore() {
  if (!bulk()) return;
  const codes = kept();
  for (const box of shown()) box.checked = codes.has(box.value);
  draw(codes);
}

function chooseNone() {
  if (!bulk() || !kept().size) return false;
  keep(new Set());
  restore();
  return true;
}

function chooseFocused() {
  const row = document.activeElement?.closest("[data-row]") || document.querySelector("[data-row]");
  const box = row?.querySelector("input[name=ticket]");
  if (!box) return;
  box.checked = !box.checked;
  remember();
}

let last = null;
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-choose-none]")) chooseNone();
  if (!event.target.matches("[data-row] input[name=ticket]")) return;
  const all = shown();
  if (event.shiftKey && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
    for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
  }
  last = event.target;
  remember();
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-choose-page]")) return;
  for (const box of shown()) box.checked = event.target.checked;
  remember();
});
// What was done to them is done: the next list begins without a choice.
document.addEventListener("submit", (event) => { if (event.submitter?.name === "confirm") keep(new Set()); });
document.addEventListener("desk:choose", chooseFocused);
document.addEventListener("desk:escape", chooseNone);
document.addEventListener("htmx:afterSettle", restore);
addEventListener("pageshow", restore);
restore();
