// The settings editor: a value that is changed counts at once, Reset takes it back, and nothing is lost by leaving.
const row = (element) => element.closest("[data-setting]");

function look(setting) {
  const mode = setting.querySelector("[data-mode]");
  setting.classList.toggle("is-set", Boolean(mode.value));
  const reset = setting.querySelector("[data-reset]");
  if (reset) reset.hidden = !mode.value;
}

document.addEventListener("input", (event) => {
  const setting = row(event.target);
  if (!setting) return;
  event.target.form.dataset.touched = "1";
  const mode = setting.querySelector("[data-mode]");
  if (event.target.name.startsWith("value:") && event.target.value && !mode.value) mode.selectedIndex = 1;
  look(setting);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reset]");
  if (!button) return;
  const setting = row(button);
  for (const field of setting.querySelectorAll("select, input:not([type=hidden]), textarea")) {
    if (field.type === "checkbox") field.checked = false; else field.value = "";
  }
  setting.closest("form").dataset.touched = "1";
  look(setting);
  setting.querySelector("[data-mode]").focus();
});

addEventListener("beforeunload", (event) => { if (document.querySelector("form[data-leave][data-touched]")) event.preventDefault(); });
document.addEventListener("submit", (event) => { delete event.target.dataset.touched; });

// The fields of the waves are there when waves are wished.
function plan() {
  const fields = document.querySelector("[data-plan]");
  if (fields) fields.hidden = document.querySelector("input[name=how]:checked")?.value !== "waves";
}
document.addEventListener("change", (event) => { if (event.target.name === "how") plan(); });
plan();
