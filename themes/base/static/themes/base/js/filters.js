// On a telephone the filters stay open from one choice to the next, and where they were scrolled to.
const filters = document.getElementById("filters");
const KEPT = "stoa.filters";

function kept() {
  const said = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  return said ? JSON.parse(said) : {};
}

if (filters) {
  const { path, top } = kept();
  if (path === location.pathname && getComputedStyle(filters).position === "fixed") {
    filters.classList.add("is-kept");
    filters.showPopover();
    filters.scrollTop = top;
  }
  filters.addEventListener("click", (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (elsewhere || !event.target.closest("a[href]") || !filters.matches(":popover-open")) return;
    sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, top: filters.scrollTop }));
  });
}
