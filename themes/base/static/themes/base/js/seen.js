// Tells the store that a page is looked at: the page itself may come from a cache.
const page = document.querySelector("[data-seen]");
if (page) navigator.sendBeacon(page.dataset.seen);
