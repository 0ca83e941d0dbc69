// All begins here, on a page without examples.
at("tools").hidden = false;
startTheme();
document.addEventListener("keydown", (event) => {
  if (event.key === "t" && !event.ctrlKey && !event.metaKey && !event.altKey) nextTheme();
});
document.documentElement.dataset.ready = "true";
