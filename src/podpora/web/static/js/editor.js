// The box to write in, wherever Markdown is written: toolbar, keys, preview, pictures that are pasted, dropped or chosen.
// form[data-preview]: the address that draws the text; form[data-store]: the one that keeps files. Without it files go along with the form.
const areaOf = (element) => element?.closest("form")?.querySelector("textarea[data-editor]");
const isArea = (element) => element?.matches?.("textarea[data-editor]");

// As if it were typed, so that it can be undone.
function put(area, text, from = area.selectionStart, to = area.selectionEnd) {
  area.focus();
  area.setSelectionRange(from, to);
  if (text && document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function mark(area, { wrap, lines, fence, link }) {
  const [from, to] = [area.selectionStart, area.selectionEnd];
  const chosen = area.value.slice(from, to);
  const choose = (at, length) => area.setSelectionRange(at, at + length);
  if (wrap) {
    put(area, wrap + chosen + wrap); choose(from + wrap.length, chosen.length);
  } else if (link !== undefined) {
    put(area, `[${chosen}](https://)`); if (chosen) choose(from + chosen.length + 3, 8); else choose(from + 1, 0);
  } else if (lines) {
    const start = area.value.lastIndexOf("\n", from - 1) + 1;
    put(area, area.value.slice(start, to).split("\n").map((line, n) => lines.replace("1", n + 1) + line).join("\n"), start, to);
  } else {
    const lead = from && area.value[from - 1] !== "\n" ? "\n" : "";
    put(area, `${lead}${fence}\n${chosen}\n${fence.slice(0, 3)}\n`);
    choose(from + lead.length + fence.length + 1, chosen.length);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-wrap], [data-lines], [data-fence], [data-link]");
  if (button) mark(areaOf(button), button.dataset);
});

// Keys: Ctrl or Cmd with a letter of the toolbar; with Enter it is sent; Enter alone goes on with a list.
document.addEventListener("keydown", (event) => {
  const area = event.target;
  if (event.defaultPrevented || !isArea(area) || event.altKey || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    const button = area.form.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (event.key === "Enter") { event.preventDefault(); area.form.requestSubmit(area.form.querySelector("button.main")); }
    else if (button && !event.shiftKey) { event.preventDefault(); button.click(); }
  } else if (event.key === "Enter" && !event.shiftKey) {
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const line = area.value.slice(start, area.selectionStart);
    const [, before, number, rest] = /^(\s*(?:[-*>]|(\d{1,3})\.) +)(.*)$/.exec(line) ?? [];
    if (!before) return;
    event.preventDefault();
    if (rest) put(area, `\n${number ? before.replace(number, Number(number) + 1) : before}`);
    else put(area, "", start, area.selectionStart);
  }
});

// The toolbar is one stop of the Tab key; arrows move within it.
const stops = (bar) => [...bar.querySelectorAll("button, input")];
function settle() {
  for (const bar of document.querySelectorAll("[role=toolbar]:not([data-settled])")) {
    bar.dataset.settled = "1";
    stops(bar).forEach((each, n) => { each.tabIndex = n ? -1 : 0; });
  }
}
document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.("[role=toolbar]");
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: -999, End: 999 }[event.key];
  if (!bar || !step) return;
  event.preventDefault();
  const all = stops(bar);
  const next = all[Math.min(Math.max(all.indexOf(event.target) + step, 0), all.length - 1)];
  all.forEach((each) => { each.tabIndex = each === next ? 0 : -1; });
  next.focus();
});
settle();
document.addEventListener("htmx:afterSettle", settle);

// Preview.
async function sent(form, url, body) {
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return fetch(url, { method: "POST", body, credentials: "same-origin" });
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-look]");
  if (!button) return;
  const { form } = areaOf(button);
  const shown = form.querySelector("[data-shown]"), opens = shown.hidden;
  if (opens) shown.innerHTML = await (await sent(form, form.dataset.preview, new URLSearchParams({ text: areaOf(button).value }))).text();
  shown.hidden = !opens;
  button.setAttribute("aria-expanded", String(opens));
});

// Pictures and files.
let count = 0;
async function send(area, file) {
  const { form } = area;
  if (!form.dataset.store) return form.querySelector("input[type=file][name]") && attach(form, file);
  const waiting = `![… ${++count} ${file.name.replace(/[[\]\n]/g, "")}]()`, body = new FormData();
  put(area, waiting);
  body.set("file", file);
  let text = "", says = form.querySelector("[data-failed]")?.dataset.failed;
  try {
    const told = await (await sent(form, form.dataset.store, body)).json();
    text = told.markdown ?? "";
    says = told.says;
    if (told.code && !text) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "file", value: told.code }));
      says = `+ ${told.name}`;
    }
  } catch { /* nothing was stored; that is what is said */ }
  if (says) document.dispatchEvent(new CustomEvent("toast", { detail: says }));
  const at = area.value.indexOf(waiting);
  if (at < 0) return;
  area.setRangeText(text, at, at + waiting.length, "preserve");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
function attach(form, file) {
  const input = form.querySelector("input[type=file][name]");
  const all = new DataTransfer();
  for (const each of input.multiple ? [...input.files, file] : [file]) all.items.add(each);
  input.files = all.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  document.dispatchEvent(new CustomEvent("toast", { detail: `+ ${file.name}` }));
}
async function sendAll(area, files) { for (const file of files) await send(area, file); }

document.addEventListener("paste", (event) => {
  const area = event.target;
  if (!isArea(area)) return;
  const words = event.clipboardData.getData("text/plain").trim();
  const files = [...event.clipboardData.files];
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
  if (files.length && !words) { event.preventDefault(); sendAll(area, files); }
  else if (chosen && /^https?:\/\/\S+$/.test(words)) { event.preventDefault(); put(area, `[${chosen}](${words})`); }
});
document.addEventListener("dragover", (event) => {
  const area = areaOf(event.target);
  if (area && event.dataTransfer.types.includes("Files")) { event.preventDefault(); area.form.classList.add("is-dropping"); }
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget?.closest?.("form")) event.target.closest?.("form")?.classList.remove("is-dropping"); });
document.addEventListener("drop", (event) => {
  const area = areaOf(event.target);
  if (!area || !event.dataTransfer.files.length) return;
  event.preventDefault(); area.form.classList.remove("is-dropping");
  sendAll(area, [...event.dataTransfer.files]);
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-file]")) return;
  sendAll(areaOf(event.target), [...event.target.files]).then(() => { event.target.value = ""; });
});
