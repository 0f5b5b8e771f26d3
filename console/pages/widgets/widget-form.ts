import type { ChangedWidget } from "../../data/widgets.ts";

export const schemes = { auto: "As its reader has it", light: "Light", dark: "Dark" } as const;
export const sides = { right: "Right", left: "Left" } as const;

const linesOf = (text: string): string[] =>
  text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

export const schemeNames = ["auto", "light", "dark"] as const;
export const sideNames = ["right", "left"] as const;

/** A widget as its form says it. What is left empty is as the widget itself has it. */
export function widgetOf(form: FormData): Required<Omit<ChangedWidget, "hours" | "enabled">> {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const accent = text("accent");
  const scheme = schemeNames.find((name) => name === form.get("scheme"));
  const side = sideNames.find((name) => name === form.get("side"));
  const texts = ["title", "placeholder", "launcher", "away"].flatMap((name) =>
    text(name) === "" ? [] : [[name, text(name)]],
  );
  return {
    name: text("name"),
    origins: linesOf(text("origins")),
    require_identity: form.get("require_identity") === "on",
    theme: { ...(accent && { accent }), ...(scheme && { scheme }), ...(side && { side }) },
    texts: Object.fromEntries(texts),
  };
}

/** What stands in a page to show the widget. */
export const snippetOf = (origin: string, key: string): string =>
  `<script type="module" src="${origin}/widget/v1.js"></script>\n<persona-chat widget="${key}"></persona-chat>`;
