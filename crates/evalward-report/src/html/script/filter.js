// Which examples are shown, and in which order; the address of the page remembers it.
const EMPTY = { q: "", kind: "", partition: "", metric: "", tag: "", sort: "", page: 1, example: "" };
let state = { ...EMPTY };
let chosen = [];

function readAddress() {
  const found = new URLSearchParams(location.hash.slice(1));
  state = { ...EMPTY };
  for (const name of Object.keys(EMPTY)) if (found.has(name)) state[name] = found.get(name);
  state.page = Math.max(1, Number.parseInt(state.page, 10) || 1);
}

function keepAddress() {
  const kept = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) if (value !== EMPTY[name]) kept.set(name, value);
  const text = kept.toString();
  try {
    history.replaceState(null, "", text === "" ? location.pathname + location.search : `#${text}`);
  } catch {
    // Some browsers keep no address for files; the page works without.
  }
}

// Chooses and sorts the examples that fit the filters.
function choose() {
  const words = state.q.toLowerCase().split(/\s+/u).filter((it) => it !== "");
  const fits = (item) => (state.kind === "" || kindOf(item) === state.kind)
    && (state.partition === "" || item.partition === state.partition)
    && (state.tag === "" || (lineOf(item).tags ?? []).includes(state.tag))
    && (state.metric === "" || missedBy(item).has(state.metric))
    && words.every((word) => hayOf(item).includes(word));
  const rank = (item) => kinds.indexOf(kindOf(item));
  const flipRank = (item) => flips.get(item.id)?.rank ?? 0;
  const orders = {
    "": (one, other) => rank(one) - rank(other) || flipRank(one) - flipRank(other) || PARTITIONS.indexOf(one.partition) - PARTITIONS.indexOf(other.partition) || one.order - other.order,
    order: (one, other) => one.order - other.order,
    id: (one, other) => (one.id < other.id ? -1 : 1),
    slow: (one, other) => slowness(other) - slowness(one),
  };
  chosen = items.filter(fits).sort(orders[state.sort] ?? orders[""]);
}
// What is not known counts as quick.
const slowness = (item) => trialOf(lineOf(item))?.latency_millis ?? 0;

function change(changes) {
  state = { ...state, page: 1, ...changes };
  choose();
  keepAddress();
  showList();
}

function counted(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function select(name, title, counts) {
  if (counts.size < (name === "partition" ? 2 : 1)) return null;
  const options = [...counts].map(([value, count]) => make("option", { value, selected: state[name] === value }, `${brief(value, 40)} (${count.toLocaleString("en")})`));
  const list = make("select", { id: `filter-${name}`, onchange: (event) => change({ [name]: event.target.value }) }, make("option", { value: "" }, name === "metric" ? "any" : "all"), options);
  return make("label", {}, make("span", {}, title), list);
}

// Makes the search and the filters.
function toolbar() {
  const search = make("input", { type: "search", id: "search", placeholder: "Search ids, texts and reasons", autocomplete: "off", spellcheck: "false", "aria-label": "Search ids, texts and reasons" });
  search.value = state.q;
  let timer = 0;
  search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => change({ q: search.value }), 90); });
  const counts = counted(items.map(kindOf));
  const kindButton = (kind, word, count) => make("button", { type: "button", "data-kind": kind, "aria-pressed": String(state.kind === kind), onclick: () => change({ kind }) },
    kind ? make("span", { class: `mark ${kind}`, "aria-hidden": "true" }, MARKS[kind]) : null, ` ${word} `, make("span", { class: "count" }, count.toLocaleString("en")));
  const partitions = new Map([...counted(items.map((item) => item.partition))].sort(([one], [other]) => PARTITIONS.indexOf(one) - PARTITIONS.indexOf(other)));
  const metrics = counted(items.flatMap((item) => [...missedBy(item)]));
  const tags = new Map([...counted(items.flatMap((item) => lineOf(item).tags ?? []))].sort(([one], [other]) => (one < other ? -1 : 1)));
  const sorts = [["", isComparison ? "worse first" : "failing first"], ["order", "as in the run"], ["id", "by id"], ["slow", "slowest first"]];
  const sort = make("select", { id: "filter-sort", onchange: (event) => change({ sort: event.target.value }) }, sorts.map(([value, word]) => make("option", { value, selected: state.sort === value }, word)));
  return make("div", { class: "toolbar", role: "search", "aria-label": "Examples" }, make("div", { class: "searching" }, search, make("kbd", { "aria-hidden": "true" }, "/")),
    make("div", { class: "kinds", role: "group", "aria-label": isComparison ? "Direction" : "Outcome" }, kindButton("", "all", items.length), kinds.filter((kind) => counts.has(kind)).map((kind) => kindButton(kind, kind, counts.get(kind)))),
    make("div", { class: "selects" }, select("partition", "partition", partitions), select("metric", "failed metric", metrics), select("tag", "tag", tags), make("label", {}, make("span", {}, "order"), sort)));
}
