/* Oscar ships TinyMCE under the GPL. */
tinymce.overrideDefaults({ license_key: "gpl" });

/* A picture that was chosen stands where its button was. */
for (const [type, isHidden] of [["load", true], ["error", false]]) {
  document.addEventListener(type, (event) => {
    if (event.target.matches?.(".image-input img")) {
      event.target.parentElement.querySelector("button")?.toggleAttribute("hidden", isHidden);
    }
  }, true);
}

/* One box ticks all boxes of a name. */
for (const all of document.querySelectorAll("[data-ticks]")) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll(`input[name="${all.dataset.ticks}"]`)) box.checked = all.checked;
  });
}

/* On a wide screen the menu is always open. */
const menu = document.querySelector(".board-menu");
if (menu && matchMedia("(min-width: 60rem)").matches) menu.open = true;
