export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const key = "theme";

/** The theme that was chosen in this browser. */
export const chosenTheme = (): Theme =>
  themes.find((theme) => theme === localStorage.getItem(key)) ?? "system";

/** Applies the chosen theme: else the browser's own. */
export function applyTheme(): void {
  const theme = chosenTheme();
  document.documentElement.style.colorScheme = theme === "system" ? "" : theme;
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  applyTheme();
}
