// Tells the store that a search led to a product, and where that stood: once for a page.
const page = document.querySelector("[data-chosen]");
const cards = [...document.querySelectorAll("main .card")];

function tell(event) {
  const place = cards.indexOf(event.target.closest(".card"));
  if (place < 0 || !event.target.closest("a[href]")) return;
  const first = Number(page.dataset.chosen.match(/(\d+)\/$/)[1]);
  navigator.sendBeacon(page.dataset.chosen.replace(/\d+\/$/, `${first + place}/`));
  for (const kind of ["click", "auxclick"]) document.removeEventListener(kind, tell);
}

if (page) for (const kind of ["click", "auxclick"]) document.addEventListener(kind, tell);
