// The list of examples, a page at a time, and the one that is open beside it.
const PAGE = 50;
const pages = () => Math.max(1, Math.ceil(chosen.length / PAGE));
const current = () => chosen.findIndex((item) => item.id === state.example);

// Says in a line what an example is about.
function gist(item) {
  const line = lineOf(item);
  const trial = trialOf(line);
  const reason = trial.cause ?? trial.reasons?.map(([metric, message]) => `${metric}: ${message}`)[0];
  return reason ?? line.input.map(([, text]) => text).at(-1) ?? "";
}

function entry(item) {
  const kind = kindOf(item);
  const isOpen = item.id === state.example;
  return make("li", {}, make("button", { type: "button", class: "entry", "data-id": item.id, "aria-current": isOpen ? "true" : null, onclick: () => openExample(item.id) },
    make("span", { class: `mark ${kind}`, "aria-hidden": "true" }, MARKS[kind]),
    make("span", { class: "name" }, brief(item.id, 80), make("span", { class: "unseen" }, ` ${kind}`)),
    make("span", { class: "where" }, item.partition),
    make("span", { class: "gist", dir: "auto" }, brief(gist(item), 160))));
}

function showList() {
  state.page = Math.min(state.page, pages());
  const start = (state.page - 1) * PAGE;
  const visible = chosen.slice(start, start + PAGE);
  at("list").replaceChildren(...visible.map(entry));
  const range = chosen.length > PAGE ? `, ${start + 1} to ${start + visible.length} shown` : "";
  at("count").textContent = chosen.length === items.length ? `${several(items.length, "example")}${range}` : `${chosen.length.toLocaleString("en")} of ${several(items.length, "example")}${range}`;
  at("clear").hidden = ["q", "kind", "partition", "metric", "tag"].every((name) => state[name] === EMPTY[name]);
  at("pager").hidden = pages() < 2;
  at("page-of").textContent = `page ${state.page} of ${pages()}`;
  at("page-back").disabled = state.page === 1;
  at("page-on").disabled = state.page === pages();
  for (const button of document.querySelectorAll("[data-kind]")) button.setAttribute("aria-pressed", String(button.dataset.kind === state.kind));
}

function turn(by) {
  const page = Math.min(pages(), Math.max(1, state.page + by));
  if (page === state.page) return;
  state.page = page;
  keepAddress();
  showList();
  at("list").querySelector("button")?.focus();
}

// Opens an example; the list stays where it is.
function openExample(id, reach = true) {
  const item = byId.get(id);
  if (item === undefined) return false;
  state.example = id;
  const index = current();
  if (index >= 0) state.page = Math.floor(index / PAGE) + 1;
  keepAddress();
  showList();
  const parts = isComparison ? pairParts(item) : exampleParts(item);
  at("detail").hidden = false;
  at("detail").replaceChildren(...parts.filter(Boolean));
  at("app").classList.add("open");
  at("detail").scrollTop = 0;
  if (reach) reachDetail(); else at("list").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  return true;
}
// Where list and example do not fit beside each other, the example takes the list's place.
const isNarrow = () => getComputedStyle(at("list-side")).display === "none";
function reachDetail() {
  if (isNarrow()) {
    at("examples").scrollIntoView();
    at("detail-title").focus({ preventScroll: true });
  } else {
    at("list").querySelector("[aria-current]")?.focus();
  }
}

function closeExample() {
  const id = state.example;
  state.example = "";
  at("detail").hidden = true;
  at("detail").replaceChildren();
  at("app").classList.remove("open");
  keepAddress();
  showList();
  for (const button of at("list").querySelectorAll("button")) if (button.dataset.id === id) button.focus();
}

// Goes to the next or the previous example of the list.
function step(by) {
  const focused = document.activeElement?.dataset?.id;
  const from = state.example === "" ? chosen.findIndex((item) => item.id === focused) : current();
  const to = from < 0 ? (by > 0 ? 0 : -1) : from + by;
  const item = chosen[to];
  if (item === undefined) return;
  if (state.example !== "") { openExample(item.id); return; }
  const page = Math.floor(to / PAGE) + 1;
  if (page !== state.page) { state.page = page; keepAddress(); showList(); }
  for (const button of at("list").querySelectorAll("button")) if (button.dataset.id === item.id) button.focus();
}

// Puts the parts of the list on the page.
function frame() {
  return [
    toolbar(),
    make("div", { class: "panes" },
      make("div", { id: "list-side" },
        make("div", { class: "counting" }, make("p", { id: "count", role: "status", "aria-live": "polite" }), make("button", { type: "button", id: "clear", hidden: true, onclick: clearAll }, "Clear filters")),
        make("ol", { id: "list", class: "list" }),
        make("div", { id: "pager", class: "pager" }, make("button", { type: "button", id: "page-back", onclick: () => turn(-1) }, "← Previous"),
          make("span", { id: "page-of" }), make("button", { type: "button", id: "page-on", onclick: () => turn(1) }, "Next →"))),
      make("section", { id: "detail", "aria-labelledby": "detail-title", tabindex: "0", hidden: true })),
  ];
}
function clearAll() {
  state = { ...EMPTY, example: state.example, sort: state.sort };
  showApp();
  at("search").focus();
}
function showApp() {
  choose();
  at("app").replaceChildren(...frame());
  keepAddress();
  showList();
  if (state.example !== "" && !openExample(state.example, false)) state.example = "";
}
