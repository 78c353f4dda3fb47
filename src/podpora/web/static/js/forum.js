// Writing in the forum: drafts that the server keeps, similar topics while a title is typed, how far one has read. The box: editor.js.
const form = document.querySelector("form[data-draft]");
const area = form?.querySelector("textarea");
const said = form?.querySelector("[data-draft-state]");
const token = form?.querySelector("[name=csrfmiddlewaretoken]")?.value;

// Canned replies of staff go where the cursor stands; without this a link brings them.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-canned]");
  if (!chosen || !area) return;
  event.preventDefault();
  area.focus();
  if (!document.execCommand("insertText", false, chosen.dataset.canned)) area.setRangeText(chosen.dataset.canned);
});

// Drafts.
let timer = 0;
let saving = Promise.resolve();
async function save() {
  if (form.dataset.sent) return;
  const fields = new FormData(form);
  const version = form.elements.version_of_draft ?? form.elements.version;
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, place: fields.get("place") ?? "", version: version.value });
  for (const name of ["text", "title", "tags", "category"]) body.set(name, fields.get(name) ?? "");
  try {
    const told = await (await fetch(form.dataset.draft, { method: "POST", body, credentials: "same-origin" })).json();
    version.value = told.version;
    if (said) said.textContent = told.says;
  } catch { /* the text stands in the box; the next letter tries again */ }
}
form?.addEventListener("input", (event) => {
  if (event.target.type === "file") return;
  clearTimeout(timer);
  timer = setTimeout(() => { saving = saving.then(save); }, 1500);
});
form?.addEventListener("submit", () => clearTimeout(timer));

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
