// Tells the store that a product's page is looked at: the page itself may come from a cache.
const page = document.querySelector("[data-seen]");
if (page) navigator.sendBeacon(page.dataset.seen);
