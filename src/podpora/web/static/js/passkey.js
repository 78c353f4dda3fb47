// A passkey that was refused or given up is said beside the button (the scripts of allauth report it as an event).
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.querySelector("[data-passkey-problem]");
  if (problem) problem.hidden = false;
});
