// What every page does with JavaScript on; without it the page works all the same.
document.documentElement.classList.add("js");

// Menus (details) close on Escape, on a click elsewhere, and when another one opens.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

// "/" goes to the search box.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-search]");
  if (search) { event.preventDefault(); search.focus(); }
});

// The theme changes at once; the server is told in the background.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-switch]") || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
  for (const button of document.querySelectorAll("[data-theme-switch] button")) button.setAttribute("aria-pressed", String(button.value === theme));
  fetch(form.action, { method: "POST", body: new URLSearchParams({ theme, next: "/" }), credentials: "same-origin" });
});

// A form that was sent is not sent twice; the button says so to everybody.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
});

// Copy buttons: data-copy names the element whose text is copied.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
  toast(button.dataset.done || "✓");
});

// A short word that goes away by itself.
function toast(text) {
  let region = document.querySelector(".toasts");
  if (!region) {
    region = Object.assign(document.createElement("div"), { className: "toasts" });
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  const note = Object.assign(document.createElement("p"), { className: "toast", textContent: text });
  region.append(note);
  setTimeout(() => note.remove(), 4000);
}
document.addEventListener("toast", (event) => toast(event.detail.value ?? event.detail));

// Buttons that open a dialog element: data-dialog names it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.querySelector(opener.dataset.dialog)?.showModal();
});

// The browser does not say "Leave?" without need; forms that submit themselves when a choice changes.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form) form.requestSubmit();
});

// A page that came back with errors begins at their summary.
document.querySelector("[data-errors]")?.focus();
