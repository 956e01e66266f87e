/* The preview beside a message's template, while it is written. Without this, a button does it. */
const form = document.querySelector("#message-form");
const place = document.querySelector("#message-preview");
const PAUSE_MS = 350;
let waiting, asked = 0;

async function show() {
  const number = ++asked;
  const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
  if (answer.ok && number === asked) place.innerHTML = await answer.text();
}

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => show().catch(() => {}), PAUSE_MS);
  });
}
