// A page from a CDN comes with its slots empty: asks what is in them for this visitor, and for the token of its forms.
const places = [...document.querySelectorAll("[data-slot]")];
const messages = document.getElementById("messages");
let isFilled = places.length === 0;
let filling = isFilled ? null : fill();

async function fill() {
  const asked = new URLSearchParams({ page: location.pathname + location.search, from: document.referrer });
  try {
    const answer = await fetch(`/slots/?${asked}`);
    if (answer.ok) put(await answer.json());
  } catch {
    // Without an answer the page stays as it came; a form is then asked about once more.
  }
  isFilled = true;
}

function put({ slots, token }) {
  for (const place of document.querySelectorAll("[data-slot]")) {
    if (place.dataset.slot === "csrf") place.value = token;
    else {
      place.innerHTML = slots[place.dataset.slot];
      window.htmx?.process(place);
    }
  }
  if (!slots.messages.trim()) return;
  messages.innerHTML = slots.messages;
  messages.classList.add("is-floating"); // over the page: nothing of it moves
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
messages?.addEventListener("htmx:afterSwap", (event) => {
  if (filling && event.target === messages) filling = fill();
});
