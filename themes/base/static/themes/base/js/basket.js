// After htmx has put something in the basket: the messages float over the page, with a button to close them.
const messages = document.getElementById("messages");

messages?.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== messages) return;
  messages.classList.add("is-floating");
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") dismiss();
});

document.addEventListener("pointerdown", (event) => {
  if (messages?.classList.contains("is-floating") && !messages.contains(event.target)) dismiss();
});

function dismiss() {
  if (!messages?.classList.contains("is-floating")) return;
  messages.classList.remove("is-floating");
  messages.replaceChildren();
}
