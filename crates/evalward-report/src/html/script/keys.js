// The keyboard.
const isWriting = (target) => target.matches?.("input, textarea, select") ?? false;

function onEscape(target) {
  if (target.id === "search" && target.value !== "") { target.value = ""; change({ q: "" }); } else if (state.example !== "") closeExample();
  else if (isWriting(target)) target.blur();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || at("help").open) return;
  const { target, key } = event;
  if (key === "Escape") { onEscape(target); return; }
  if (isWriting(target)) {
    if (target.id === "search" && (key === "ArrowDown" || key === "Enter")) { event.preventDefault(); change({ q: target.value }); at("list").querySelector("button")?.focus(); }
    return;
  }
  const inList = target.classList?.contains("entry");
  const actions = {
    "/": () => { at("examples").scrollIntoView(); at("search").focus({ preventScroll: true }); at("search").select(); },
    j: () => step(1), k: () => step(-1), n: () => turn(1), p: () => turn(-1), t: nextTheme, "?": () => at("help").showModal(),
    ...(inList ? { ArrowDown: () => step(1), ArrowUp: () => step(-1) } : {}),
  };
  if (!(key in actions)) return;
  event.preventDefault();
  actions[key]();
}
