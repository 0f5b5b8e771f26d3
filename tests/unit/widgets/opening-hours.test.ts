import { expect, it } from "vitest";
import { hoursSchema, openingAt } from "#src/widgets/opening-hours.ts";

const working = { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" } as const;
const vienna = hoursSchema.parse({ time_zone: "Europe/Vienna", open: [working] });

const at = (hours: typeof vienna | null, time: string) => {
  const { isOpen, opensAt } = openingAt(hours, Date.parse(time));
  return isOpen ? "open" : opensAt && new Date(opensAt).toISOString();
};

it.each([
  // A Monday in winter, an hour ahead of UTC.
  ["2026-01-05T07:59:59Z", "2026-01-05T08:00:00.000Z"],
  ["2026-01-05T08:00:00Z", "open"],
  ["2026-01-05T15:59:59Z", "open"],
  ["2026-01-05T16:00:00Z", "2026-01-06T08:00:00.000Z"],
  // A Friday evening before the clock is changed, and a Sunday that is a Monday there already.
  ["2026-03-27T18:00:00Z", "2026-03-30T07:00:00.000Z"],
  ["2026-03-29T22:30:00Z", "2026-03-30T07:00:00.000Z"],
  ["2026-10-23T18:00:00Z", "2026-10-26T08:00:00.000Z"],
])("By the clock of its time zone: %s", (time, stands) => {
  expect(at(vienna, time)).toBe(stands);
});

it("What ends with a day goes on with the next, and what comes once a week comes again in a week", () => {
  const night = hoursSchema.parse({
    time_zone: "America/New_York",
    open: [
      { days: ["sat"], from: "22:00", to: "24:00" },
      { days: ["sun"], from: "00:00", to: "02:00" },
    ],
  });
  expect(at(night, "2026-01-11T04:59:59Z")).toBe("open");
  expect(at(night, "2026-01-11T05:00:00Z")).toBe("open");
  expect(at(night, "2026-01-11T07:00:00Z")).toBe("2026-01-18T03:00:00.000Z");
});

it("Without hours it is always open", () => {
  expect(at(null, "2026-01-05T03:00:00Z")).toBe("open");
});

it.each([
  ["no such zone", { time_zone: "Mars/Olympus", open: [working] }],
  ["no days", { time_zone: "UTC", open: [{ ...working, days: [] }] }],
  ["no hours at all", { time_zone: "UTC", open: [] }],
  ["an end before the beginning", { time_zone: "UTC", open: [{ ...working, from: "17:00", to: "09:00" }] }],
  ["no time of day", { time_zone: "UTC", open: [{ ...working, from: "9" }] }],
  ["a time that no day has", { time_zone: "UTC", open: [{ ...working, to: "24:30" }] }],
])("Hours with %s are none", (_, hours) => {
  expect(hoursSchema.safeParse(hours).success).toBe(false);
});
