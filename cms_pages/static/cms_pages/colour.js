// Puts a field to pick a colour beside each that takes one as text; without it, the text is typed.
for (const frame of document.querySelectorAll("[data-colour]")) {
  const text = frame.querySelector("input");
  const picker = document.createElement("input");
  picker.type = "color";
  picker.setAttribute("aria-label", text.getAttribute("aria-label") || text.labels[0]?.textContent.trim() || "");
  const follow = () => {
    picker.value = /^#[0-9a-f]{6}$/i.test(text.value) ? text.value : text.placeholder;
  };
  picker.addEventListener("input", () => {
    text.value = picker.value;
    text.dispatchEvent(new Event("change", { bubbles: true }));
  });
  text.addEventListener("input", follow);
  follow();
  frame.append(picker);
}
