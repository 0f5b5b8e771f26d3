import { z } from "@hono/zod-openapi";
import { dayMs } from "#src/kernel/clock.ts";
import { isTimeZone, offsetOf } from "#src/kernel/time-zone.ts";
import { weekdays } from "#src/kernel/weekdays.ts";

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "A time of day, as 09:00");

const minuteMs = 60_000;
const msInto = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return (hours * 60 + minutes) * minuteMs;
};

export const hoursSchema = z
  .strictObject({
    time_zone: z
      .string()
      .max(64)
      .refine(isTimeZone, "A time zone, as Europe/Vienna")
      .openapi({ description: "Whose clock it is", example: "Europe/Vienna" }),
    open: z
      .array(
        z
          .strictObject({
            days: z.array(z.enum(weekdays)).min(1).max(7).openapi({ description: "Of the week" }),
            from: time.openapi({ description: "When it begins", example: "09:00" }),
            to: time.openapi({ description: "`24:00` is the end of the day", example: "17:00" }),
          })
          .refine(({ from, to }) => msInto(from) < msInto(to), { path: ["to"], message: "After `from`" }),
      )
      .min(1)
      .max(21)
      .openapi({ description: "What goes beyond midnight stands as two" }),
  })
  .openapi("WidgetHours", {
    example: {
      time_zone: "Europe/Vienna",
      open: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }],
    },
  });
export type WidgetHours = z.infer<typeof hoursSchema>;

/** Whether there are people behind a widget, and from when on there are. */
export interface Opening {
  isOpen: boolean;
  /** Epoch milliseconds; null while it is open. */
  opensAt: number | null;
}

/** From midnight of a local day, 1970-01-01, which was a Thursday, being day 0. */
const weekdayOf = (day: number) => weekdays[(((day + 3) % 7) + 7) % 7];

/** How a widget stands at a time; one without hours is always open. */
export function openingAt(hours: WidgetHours | null, now: number): Opening {
  if (hours === null) return { isOpen: true, opensAt: null };
  const { time_zone: zone, open } = hours;
  const local = now + offsetOf(zone, now);
  const today = Math.floor(local / dayMs);
  const spans = (day: number) =>
    open
      .filter(({ days }) => days.some((one) => one === weekdayOf(day)))
      .map(({ from, to }) => ({ from: day * dayMs + msInto(from), to: day * dayMs + msInto(to) }));
  if (spans(today).some(({ from, to }) => from <= local && local < to))
    return { isOpen: true, opensAt: null };
  // Within a week each of them comes once more.
  for (let day = today; day <= today + 7; day++) {
    const starts = spans(day).flatMap(({ from }) => (from > local ? from : []));
    if (starts.length > 0) return { isOpen: false, opensAt: instantOf(Math.min(...starts), zone, now) };
  }
  return { isOpen: false, opensAt: null };
}

/** When a local time is; the clock may be changed between now and then. */
function instantOf(local: number, zone: string, now: number): number {
  const about = local - offsetOf(zone, now);
  return local - offsetOf(zone, about);
}
