// All begins here.
at("tools").hidden = false;
document.documentElement.classList.add("scripted");
startTheme();
at("help-open").addEventListener("click", () => at("help").showModal());
if (document.querySelector("script.rows") !== null) {
  readAddress();
  readAll(() => { if (at("loading")) at("loading").textContent = `${several(items.length, "example")} read …`; }).then(() => {
    showApp();
    document.addEventListener("keydown", onKey);
    addEventListener("hashchange", () => { readAddress(); showApp(); });
    document.documentElement.dataset.ready = "true";
    if (state.example !== "") at("examples").scrollIntoView();
  });
} else if (at("loading")) {
  at("loading").textContent = "There is no example.";
  document.documentElement.dataset.ready = "true";
}
