// Suggestions below a search field whose form says where to ask: data-suggest="/search/suggest/".
// The answer is {"suggestions": [{"title": "...", "url": "...", "kind": "..."}]}. Without it the form just searches.
// The pattern is the ARIA Authoring Practices' editable combobox with a list: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
const WAIT = 80;

for (const form of document.querySelectorAll("form[data-suggest]")) attach(form);

function attach(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${input.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent);
  list.hidden = true;
  form.append(list);
  const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(combobox)) input.setAttribute(name, value);

  let timer;
  let asked = "";
  const options = () => [...list.children];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map(draw));
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.setAttribute("aria-activedescendant", "");
  }

  function draw({ title, url, kind }, index) {
    const option = document.createElement("li");
    option.id = `${list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.url = url;
    const name = document.createElement("span");
    name.textContent = title;
    const note = document.createElement("small");
    note.textContent = kind ?? "";
    option.append(name, note);
    return option;
  }

  function close() { // whatever was asked for and has not come is not wanted any more
    clearTimeout(timer);
    asked = "";
    show([]);
  }

  async function ask() {
    const words = input.value.trim();
    if (words === asked) return;
    asked = words;
    if (words.length < 2) return show([]);
    const response = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(words)}`).catch(() => null);
    const told = response?.ok ? await response.json() : null;
    if (told && words === asked) show(told.suggestions);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) {
      if (event.key === "ArrowDown") ask();
      return;
    }
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[at <= 0 ? all.length - 1 : at - 1]);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) location.assign(all[at].dataset.url);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  input.addEventListener("blur", () => setTimeout(close, WAIT));
}
