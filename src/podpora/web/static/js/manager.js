// Choosing rows of a list: all of a page at once, and how many are chosen. Listeners hang on the document and work after every swap.
function boxes(form) { return [...form.querySelectorAll("tbody input[type=checkbox]")]; }

function count(form) {
  const chosen = boxes(form).filter((box) => box.checked).length;
  const all = form.querySelector("[data-choose-all]");
  if (all) { all.checked = chosen > 0 && chosen === boxes(form).length; all.indeterminate = chosen > 0 && !all.checked; }
  for (const words of form.querySelectorAll("[data-chosen]")) words.textContent = words.dataset.words.replace("{n}", chosen);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-choose]");
  if (!form) return;
  if (event.target.matches("[data-choose-all]")) for (const box of boxes(form)) box.checked = event.target.checked;
  count(form);
});

// By keys: Space ticks, the arrows go from row to row, Enter goes on to what may be done with the chosen (the browser would send the form).
document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!box.matches("form[data-choose] input[type=checkbox]")) return;
  const form = box.closest("form");
  const all = [form.querySelector("[data-choose-all]"), ...boxes(form)].filter(Boolean);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) all[all.indexOf(box) + step]?.focus();
  else if (event.key === "Enter") {
    if (!boxes(form).some((one) => one.checked)) box.click();
    form.querySelector(".bulk-bar select, .bulk-bar button")?.focus();
  } else return;
  event.preventDefault();
});

// A click with Shift chooses everything between.
let last = null;
document.addEventListener("click", (event) => {
  if (!event.target.matches("form[data-choose] tbody input[type=checkbox]")) return;
  const all = boxes(event.target.closest("form"));
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
    for (const box of all.slice(from, to + 1)) box.checked = event.target.checked;
  }
  last = event.target;
});

for (const form of document.querySelectorAll("form[data-choose]")) count(form);
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-choose]")) count(form); });
