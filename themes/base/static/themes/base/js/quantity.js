// Gives every number field marked data-quantity a button for one less and one for one more.
function button(label, symbol, press) {
  const element = document.createElement("button");
  element.type = "button";
  element.setAttribute("aria-label", label);
  element.innerHTML = `<svg class="icon" aria-hidden="true" viewBox="0 0 24 24"><path d="${symbol}"/></svg>`;
  element.addEventListener("click", press);
  return element;
}

function enhance(frame) {
  if (frame.querySelector("button")) return;
  const input = frame.querySelector("input");
  const step = (change) => {
    if (change > 0) input.stepUp();
    else input.stepDown();
    mark();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const less = button(frame.dataset.less, "M5 12h14", () => step(-1));
  const more = button(frame.dataset.more, "M12 5v14M5 12h14", () => step(1));
  const mark = () => {
    less.disabled = input.min !== "" && input.valueAsNumber <= Number(input.min);
    more.disabled = input.max !== "" && input.valueAsNumber >= Number(input.max);
  };
  input.before(less);
  input.after(more);
  input.addEventListener("input", mark);
  mark();
}

function enhanceAll(root) {
  for (const frame of root.querySelectorAll("[data-quantity]")) enhance(frame);
}

enhanceAll(document);
document.addEventListener("htmx:afterSettle", (event) => enhanceAll(event.target.parentNode ?? document));
