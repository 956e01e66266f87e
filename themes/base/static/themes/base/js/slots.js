// What a page has of its visitor: one from a CDN comes without, one from the browser's history with what was so then.
// Asks what it is now, and for the token of the forms; any other page asks nothing.
const isFromCdn = document.querySelector("[data-slot]") !== null;
const [visit] = performance.getEntriesByType("navigation");
const isShownAgain = visit?.type === "back_forward" && !visit.transferSize;
let isFilled = true;
let filling = null;

if (isShownAgain) filling = fill();
else if (isFromCdn) filling = fill({ from: document.referrer }); // how they came is told once
window.addEventListener("pageshow", (event) => {
  if (event.persisted) filling = fill();
});

async function fill(told = {}) {
  isFilled = false;
  const asked = new URLSearchParams({ page: location.pathname + location.search, ...told });
  try {
    const answer = await fetch(`/slots/?${asked}`);
    if (answer.ok) put(await answer.json());
  } catch {
    // Without an answer the page stays as it came; a form is then asked about once more.
  }
  isFilled = true;
}

function put({ slots, token }) {
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  for (const name in slots) {
    const place = document.querySelector(`[data-slot="${name}"]`) ?? document.querySelector(`[data-own="${name}"]`);
    if (place) refill(place, slots[name]);
  }
  const messages = document.getElementById("messages");
  if (!messages) return;
  messages.innerHTML = slots.messages.trim(); // those of a page that is shown again have been read
  messages.classList.toggle("is-floating", messages.innerHTML !== ""); // over the page: nothing of it moves
}

function refill(place, html) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.innerHTML = html;
  window.htmx?.process(place);
  if (focused) document.getElementById(focused)?.focus();
}

// Who is quicker than the answer waits for it.
document.addEventListener("submit", async (event) => {
  if (isFilled) return;
  event.preventDefault();
  event.stopPropagation();
  await filling;
  event.target.requestSubmit(event.submitter);
}, { capture: true });

// What htmx put in the basket comes back with another of the CDN's pages, which knows nothing of it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (isFromCdn && event.target.id === "messages") filling = fill();
});
