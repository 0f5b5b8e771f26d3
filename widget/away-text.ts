import { words } from "./words.ts";

/** What a widget is told of its hours. */
interface Hours {
  open: boolean;
  opens_at: string | null;
  texts: { away?: string };
}

/** That nobody is there, and until when; nothing while somebody is. */
export function awayText(shown: Hours | undefined): string {
  if (!shown || shown.open) return "";
  const { away = words.away } = shown.texts;
  if (shown.opens_at === null) return away;
  const when = { weekday: "long", hour: "2-digit", minute: "2-digit" } as const;
  return `${away}: ${words.backAt(new Date(shown.opens_at).toLocaleString([], when))}`;
}
