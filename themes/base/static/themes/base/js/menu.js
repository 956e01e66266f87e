// Closes an open group of the menu on Escape and on a press elsewhere; the groups themselves need no script.
const groups = () => document.querySelectorAll(".menu__group[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const group of groups()) {
    if (group.contains(document.activeElement)) group.querySelector("summary").focus();
    group.open = false;
  }
});

document.addEventListener("pointerdown", (event) => {
  for (const group of groups()) {
    if (!group.contains(event.target)) group.open = false;
  }
});
