import type { PlanTime, TimeUnit } from "#src/kernel/questions/plan.ts";

const dayMs = 86_400_000;

/** Days in a row, each as `2026-11-28`; both are in it. */
export interface Period {
  from: string;
  to: string;
}

/** The UTC day of a moment. */
export const dayText = (at: number): string => new Date(at).toISOString().split("T", 1).join();
const moved = (day: string, by: number): string => dayText(Date.parse(day) + by * dayMs);

/** The first day of what a day is in, or of the one so many before or behind. */
function startOf(unit: TimeUnit, day: string, by = 0): string {
  const date = new Date(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case "week":
      return moved(day, by * 7 - ((date.getUTCDay() + 6) % 7));
    case "month":
      return dayText(Date.UTC(year, month + by, 1));
    case "quarter":
      return dayText(Date.UTC(year, month - (month % 3) + by * 3, 1));
    case "year":
      return dayText(Date.UTC(year + by, 0, 1));
  }
}

/** Days of a period, both ends among them. */
export const lengthOf = ({ from, to }: Period): number => (Date.parse(to) - Date.parse(from)) / dayMs + 1;

const earlier = (one: string, other: string): string => (one < other ? one : other);

/** The days that a plan is about. */
export function periodOf(time: PlanTime, today: string): Period {
  if ("last_days" in time) return { from: moved(today, 1 - time.last_days), to: today };
  if ("between" in time) return time.between;
  if ("this" in time) return { from: startOf(time.this, today), to: today };
  return { from: startOf(time.previous, today, -1), to: moved(startOf(time.previous, today), -1) };
}

/** The days before that they are compared with: as many right before, of a unit of time the one before, as far as this one has come. */
export function periodBefore(time: PlanTime, today: string): Period {
  const period = periodOf(time, today);
  if ("this" in time) {
    const from = startOf(time.this, today, -1);
    return { from, to: earlier(moved(from, lengthOf(period) - 1), moved(period.from, -1)) };
  }
  if ("previous" in time) return { from: startOf(time.previous, today, -2), to: moved(period.from, -1) };
  return { from: moved(period.from, -lengthOf(period)), to: moved(period.from, -1) };
}
