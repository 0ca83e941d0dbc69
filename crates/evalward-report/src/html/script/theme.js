// Light, dark, or as the system.
const THEMES = { "": "as the system", light: "light", dark: "dark" };
const THEME_KEY = "evalward-report-theme";

function setTheme(theme) {
  if (theme === "") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
  at("theme-name").textContent = THEMES[theme];
}
function nextTheme() {
  const names = Object.keys(THEMES);
  const theme = names[(names.indexOf(document.documentElement.dataset.theme ?? "") + 1) % names.length];
  setTheme(theme);
  try { localStorage.setItem(THEME_KEY, theme); } catch { /* The browser keeps nothing; the theme lasts as long as the page. */ }
}
function startTheme() {
  let theme = "";
  try { theme = localStorage.getItem(THEME_KEY) ?? ""; } catch { /* As the system, then. */ }
  setTheme(theme in THEMES ? theme : "");
  at("theme").addEventListener("click", nextTheme);
}
