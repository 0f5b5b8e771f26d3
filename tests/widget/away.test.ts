import { expect, it } from "vitest";
import { awayText } from "#widget/away-text.ts";

const opens_at = "2026-01-05T08:00:00.000Z";
const time = new Date(opens_at).toLocaleString([], { weekday: "long", hour: "2-digit", minute: "2-digit" });

it.each([
  ["nothing while somebody is there", { open: true, opens_at: null, texts: { away: "Shut" } }, ""],
  ["until when", { open: false, opens_at, texts: {} }, `Nobody is here at present: we are back ${time}`],
  ["the page's own words", { open: false, opens_at, texts: { away: "Shut" } }, `Shut: we are back ${time}`],
  ["no more than is known", { open: false, opens_at: null, texts: { away: "Shut" } }, "Shut"],
])("Outside of its hours a widget says %s", (_, shown, text) => {
  expect(awayText(shown)).toBe(text);
});
