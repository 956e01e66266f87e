// The product's pictures: a thumbnail moves the row sideways only, and the picture in view is marked.
for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const row = gallery.querySelector(".gallery__row");
  const thumbs = [...gallery.querySelectorAll(".gallery__thumbs a")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

  for (const thumb of thumbs) {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      const picture = document.querySelector(thumb.hash);
      row.scrollTo({ left: picture.offsetLeft - row.offsetLeft, behavior: calm ? "auto" : "smooth" });
    });
  }

  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const thumb of thumbs) thumb.toggleAttribute("aria-current", thumb.hash === `#${entry.target.id}`);
      }
    },
    { root: row, threshold: 0.6 },
  );
  for (const picture of row.children) seen.observe(picture);
}
