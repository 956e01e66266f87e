// A form marked data-autosubmit is sent when a choice changes; its button is then not needed. On the way back it says again
// what the page shows.
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.querySelector("button[type=submit]")?.setAttribute("hidden", "");
  form.addEventListener("change", () => form.requestSubmit());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) form.reset();
  });
}
