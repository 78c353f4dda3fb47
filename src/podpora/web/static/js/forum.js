// Writing in the forum: drafts that the server keeps, a preview, pasted pictures, similar topics, how far one has read.
const form = document.querySelector("form[data-preview]");
const area = form?.querySelector("textarea");
const said = form?.querySelector("[data-draft-state]");
const token = form?.querySelector("[name=csrfmiddlewaretoken]")?.value;

async function post(url, body) {
  body.set("csrfmiddlewaretoken", token);
  return fetch(url, { method: "POST", body, credentials: "same-origin" });
}

function put(text, at = area.selectionStart, to = area.selectionEnd) {
  area.setRangeText(text, at, to, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

// Canned replies of staff go where the cursor stands; without this a link brings them.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-canned]");
  if (chosen && area) {
    event.preventDefault();
    put(chosen.dataset.canned);
  }
});

// Drafts.
let timer = 0;
let saving = Promise.resolve();
async function save() {
  if (form.dataset.sent) return;
  const fields = new FormData(form);
  const version = form.elements.version_of_draft ?? form.elements.version;
  const body = new URLSearchParams({ place: fields.get("place") ?? "", version: version.value });
  for (const name of ["text", "title", "tags", "category"]) body.set(name, fields.get(name) ?? "");
  try {
    const told = await (await post(form.dataset.draft, body)).json();
    version.value = told.version;
    if (said) said.textContent = told.says;
  } catch { /* the text stands in the box; the next letter tries again */ }
}
form?.addEventListener("input", (event) => {
  if (!form.dataset.draft || event.target.type === "file") return;
  clearTimeout(timer);
  timer = setTimeout(() => { saving = saving.then(save); }, 1500);
});
form?.addEventListener("submit", () => clearTimeout(timer));

// Preview.
form?.querySelector("[data-look]")?.addEventListener("click", async () => {
  const shown = form.querySelector("[data-shown]");
  shown.hidden = !shown.hidden;
  if (!shown.hidden) shown.innerHTML = await (await post(form.dataset.preview, new URLSearchParams({ text: area.value }))).text();
});

// Marks around what is chosen.
form?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-wrap], [data-lines], [data-fence]");
  if (!button) return;
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
  const { wrap, lines, fence } = button.dataset;
  if (wrap) put(`${wrap}${chosen || "…"}${wrap}`);
  else if (lines) put((chosen || "…").split("\n").map((line) => lines + line).join("\n"));
  else put(`\n${fence}\n${chosen || "…"}\n${fence.slice(0, 3)}\n`);
});

// Pictures and files: pasted, dropped, chosen.
async function send(file) {
  const mark = `[… ${file.name}]`;
  put(mark);
  const body = new FormData();
  body.set("file", file);
  let text = "";
  try {
    const told = await (await post(form.dataset.store, body)).json();
    text = told.markdown ?? "";
    if (told.code && !text) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "file", value: told.code }));
      if (said) said.textContent = `+ ${told.name}`;
    }
    if (told.says) document.dispatchEvent(new CustomEvent("toast", { detail: told.says }));
  } catch { /* nothing was stored */ }
  const at = area.value.indexOf(mark);
  if (at >= 0) put(text, at, at + mark.length);
}
area?.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  if (files.length) { event.preventDefault(); files.forEach(send); }
});
area?.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("is-dropping"); });
area?.addEventListener("dragleave", () => form.classList.remove("is-dropping"));
area?.addEventListener("drop", (event) => {
  form.classList.remove("is-dropping");
  if (event.dataTransfer.files.length) { event.preventDefault(); [...event.dataTransfer.files].forEach(send); }
});
form?.querySelector("[data-file]")?.addEventListener("change", (event) => { [...event.target.files].forEach(send); event.target.value = ""; });

// Similar topics while the title is typed.
const title = form?.querySelector("[data-similar]");
let asking = 0;
title?.addEventListener("input", () => {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const place = document.querySelector("#similar");
    const asked = new URLSearchParams({ title: title.value, text: area.value.slice(0, 200) });
    place.innerHTML = title.value.trim().length < 10 ? "" : await (await fetch(`${place.dataset.similarAt}?${asked}`)).text();
  }, 400);
});

// How far and how long (once a minute, and when the page is left).
if (form?.dataset.reading && "IntersectionObserver" in window) {
  let last = 0;
  let since = performance.now();
  const seen = new IntersectionObserver((rows) => {
    for (const row of rows) if (row.isIntersecting) last = Math.max(last, Number(row.target.dataset.post));
  });
  document.querySelectorAll("[data-post]").forEach((each) => seen.observe(each));
  const tell = () => {
    const seconds = Math.round((performance.now() - since) / 1000);
    since = performance.now();
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, last, seconds });
    if (last) fetch(form.dataset.reading, { method: "POST", body, credentials: "same-origin", keepalive: true }).catch(() => {});
  };
  setInterval(() => { if (!document.hidden) tell(); }, 60000);
  document.addEventListener("visibilitychange", () => { if (document.hidden) tell(); else since = performance.now(); });
}
