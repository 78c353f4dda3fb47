// Fields that are asked for only when another has a value. Without this all stand there, and the server forgets what does not belong.
const valuesOf = (code) =>
  [...document.querySelectorAll(`[name="f-${CSS.escape(code)}"]`)].filter((input) => !["checkbox", "radio"].includes(input.type) || input.checked).map((input) => input.value);

function settle() {
  for (const field of document.querySelectorAll("[data-shown-when]")) {
    const above = document.querySelector(`[data-field="${CSS.escape(field.dataset.shownWhen)}"]`);
    const wanted = field.dataset.shownValues.split("\n");
    field.hidden = Boolean(above?.hidden) || !valuesOf(field.dataset.shownWhen).some((value) => wanted.includes(value));
  }
}

document.addEventListener("change", (event) => event.target.closest("[data-field]") && settle());
document.addEventListener("htmx:afterSettle", settle);
settle();
