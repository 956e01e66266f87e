/* The price grid as hands know it from spreadsheets. Everything works without it. */
const grid = document.querySelector("#price-grid");
const COLUMNS = ["name", "min_quantity", "value"];
const MOST_NEW = 150;

const columnOf = (cell) => /^r\d+-(name|min_quantity|value)$/.exec(cell?.name ?? "")?.[1];
const cellIn = (row, column) => row?.querySelector(`input[name$="-${column}"]:not([type="hidden"])`);
const rows = () => [...grid.querySelectorAll("tr[data-rung]")];
const number = (text) => Number.parseFloat(text.replace(/[^\d.,-]/g, "").replace(",", "."));

/* Another empty line below one that is being filled. */
function grow(row) {
  if (!row.hasAttribute("data-blank") || rows().filter((each) => each.hasAttribute("data-blank")).length > MOST_NEW) return;
  row.removeAttribute("data-blank");
  if (row.hasAttribute("data-new") && row.nextElementSibling) return;
  const next = 1 + Math.max(...rows().map((each) => Number(/^r(\d+)-/.exec(cellIn(each, "value").name)[1])));
  const copy = row.cloneNode(true);
  copy.toggleAttribute("data-blank", true);
  const head = copy.querySelector("th");
  if (head) {
    head.remove();
    row.querySelector("th").rowSpan += 1;
  } else {
    const span = row.parentElement.querySelector("th[rowspan]");
    if (span) span.rowSpan += 1;
  }
  for (const part of copy.querySelectorAll("[name], [id], [for]")) {
    for (const name of ["name", "id", "for"]) {
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(/r\d+-/, `r${next}-`));
    }
  }
  for (const cell of copy.querySelectorAll("input:not([type='hidden'])")) cell.value = "";
  for (const said of copy.querySelectorAll(".price-error, .price-change")) said.remove();
  row.after(copy);
}

/* By how much a price changes, beside it, while it is typed. */
function compare(cell) {
  const place = cell.closest("td"), was = Number.parseFloat(place.dataset.was), is = number(cell.value);
  const kind = cell.closest("tr").querySelector("select").value;
  const change = kind === "fixed" && place.dataset.kind === "fixed" && was > 0 ? ((is - was) / was) * 100 : NaN;
  place.querySelector(".price-change")?.remove();
  if (Number.isNaN(change) || Math.abs(change) < 0.05) return;
  const said = document.createElement("span");
  said.className = "price-change";
  said.textContent = `${change > 0 ? "+" : "−"}${Math.abs(change).toFixed(1)} %`;
  cell.after(said);
}

function enter(cell, text) {
  cell.value = text.trim();
  cell.dispatchEvent(new Event("input", { bubbles: true }));
}

if (grid) {
  grid.addEventListener("input", (event) => {
    const column = columnOf(event.target);
    if (!column) return;
    grow(event.target.closest("tr"));
    if (column === "value") compare(event.target);
  });

  /* Enter and the arrows lead up and down a column. */
  grid.addEventListener("keydown", (event) => {
    const column = columnOf(event.target), step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!column || !step || event.ctrlKey || event.metaKey) return;
    const all = rows().map((row) => cellIn(row, column)).filter(Boolean);
    const next = all[all.indexOf(event.target) + step];
    event.preventDefault();
    next?.focus();
    next?.select();
  });

  /* What was copied from a spreadsheet goes into as many lines and columns. */
  grid.addEventListener("paste", (event) => {
    const column = columnOf(event.target), text = event.clipboardData.getData("text").replace(/\r?\n$/, "");
    if (!column || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    let row = event.target.closest("tr");
    const columns = COLUMNS.slice(COLUMNS.indexOf(column));
    for (const line of text.split(/\r?\n/)) {
      if (!row) break;
      line.split("\t").forEach((value, place) => {
        const cell = columns[place] && cellIn(row, columns[place]);
        if (cell) enter(cell, value);
      });
      row = rows()[rows().indexOf(row) + 1];
    }
  });

  /* Nobody loses what they have typed by a click beside it. */
  let isSent = false;
  grid.addEventListener("submit", () => { isSent = true; });
  addEventListener("beforeunload", (event) => {
    const isTouched = [...grid.querySelectorAll("input[type='text']")].some((cell) => cell.value !== cell.defaultValue);
    if (isTouched && !isSent) event.preventDefault();
  });
}
