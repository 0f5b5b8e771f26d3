import type { PersonaChat } from "../../data/publication.ts";

export const audiences = {
  owner: "You alone",
  tenant: "Everybody in the tenant",
  public: "Visitors of its widgets as well",
} as const;
export const audienceNames = ["owner", "tenant", "public"] as const;

export const busyWays = {
  queue: "waits for its turn",
  interrupt: "ends the answer before",
  reject: "is refused",
} as const;
export const busyNames = ["queue", "interrupt", "reject"] as const;

export const personalisations = {
  off: "Nothing",
  preferences: "How they like to be talked with",
  full: "All that is known and agreed to",
} as const;
export const personalisationNames = ["off", "preferences", "full"] as const;

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** How a persona is talked with, as its form says it; what the form has no field for stays. */
export function chatOf(form: FormData, before: PersonaChat): PersonaChat {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const number = (name: string) => (text(name) === "" ? null : Number(text(name)));
  const isOn = (name: string) => form.get(name) === "on";
  const one = <T extends string>(names: readonly T[], name: string, usual: T): T =>
    names.find((each) => each === form.get(name)) ?? usual;
  return {
    enabled: isOn("enabled"),
    audience: one(audienceNames, "audience", before.audience),
    greeting: text("greeting") || null,
    starters: linesOf(text("starters")),
    fuel_per_turn: number("fuel"),
    daily_turns_per_person: number("daily"),
    on_busy: one(busyNames, "busy", before.on_busy),
    handover: {
      enabled: isOn("handover"),
      triggers: { ...before.handover.triggers, words: linesOf(text("words")) },
    },
    tools: linesOf(text("tools")),
    personalisation: one(personalisationNames, "personalisation", before.personalisation),
    insights: isOn("insights"),
    auto_title: isOn("auto_title"),
    chat_workflow: text("workflow") || null,
  };
}
