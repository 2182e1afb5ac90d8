// Light, dark, or as the system is set: the button goes round, the choice is remembered.

import { say } from "./messages.js";

const KEY = "policy-rag-theme";
const CHOICES = ["auto", "light", "dark"];
const button = document.getElementById("theme");
let chosen = remembered();

function remembered() {
  try {
    const found = localStorage.getItem(KEY);
    return CHOICES.includes(found) ? found : "auto";
  } catch {
    return "auto"; // storage may be switched off
  }
}

/** Shows the choice, on the page and on the button. */
export function applyTheme() {
  document.documentElement.dataset.theme = chosen;
  button.textContent = `◐ ${say().themes[chosen]}`;
  button.setAttribute("aria-label", `${say().theme} ${say().themes[chosen]}`);
}

button.addEventListener("click", () => {
  chosen = CHOICES[(CHOICES.indexOf(chosen) + 1) % CHOICES.length];
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // only this visit, then
  }
  applyTheme();
});
