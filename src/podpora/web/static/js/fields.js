// Fields that are asked for only when another has a value. Without this all stand there, and the server forgets what does not belong.
const valuesOf = (code) =>
  [...document.querySelectorAll(`[name="f-${CSS.escape(code)}"]`)].filter((input) => !["checkbox", "radio"].includes(input.type) || input.checked).map((input) => input.value);

// A form with several topics asks only what belongs to the chosen one.
function isElsewhere(field) {
  const topic = document.querySelector('[name="purpose"]:checked')?.value;
  return Boolean(field.dataset.topics && topic) && !field.dataset.topics.split(" ").includes(topic);
}

function settle() {
  for (const field of document.querySelectorAll("[data-topics], [data-shown-when]")) {
    field.hidden = isElsewhere(field);
    if (field.hidden || !("shownWhen" in field.dataset)) continue;
    const above = document.querySelector(`[data-field="${CSS.escape(field.dataset.shownWhen)}"]`);
    const wanted = field.dataset.shownValues ? field.dataset.shownValues.split("\n") : null; // null: any value will do
    field.hidden = Boolean(above?.hidden) || !valuesOf(field.dataset.shownWhen).some((value) => (wanted ? wanted.includes(value) : value));
  }
}

document.addEventListener("change", (event) => event.target.closest("[data-field], [name=purpose]") && settle());
document.addEventListener("htmx:afterSettle", settle);
settle();
