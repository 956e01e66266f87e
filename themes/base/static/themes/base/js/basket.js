// Messages have a button to close them. After htmx has put something in the basket they float over the page, until they are
// closed, Escape is pressed, or something elsewhere.
const place = () => document.getElementById("messages"); // htmx may put another in its place
let before = null; // what had the focus

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== place()) return;
  const basket = document.getElementById("basket-tool")?.getBoundingClientRect();
  place().style.setProperty("--below", `${Math.max(basket?.bottom ?? 0, 0)}px`); // it may have been scrolled away
  place().classList.add("is-floating");
});

document.addEventListener("focusin", (event) => {
  if (!place()?.contains(event.target)) before = event.target;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("#messages .alert__close");
  if (!button) return;
  button.closest(".alert").remove();
  const next = place().querySelector(".alert__close");
  if (next) next.focus();
  else empty(true);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") dismiss();
});

document.addEventListener("pointerdown", (event) => {
  if (!place()?.contains(event.target)) dismiss();
});

function dismiss() {
  if (place()?.classList.contains("is-floating")) empty(place().contains(document.activeElement));
}

function empty(hadFocus) {
  place().classList.remove("is-floating");
  place().replaceChildren();
  if (hadFocus) before?.focus({ preventScroll: true });
}
