const dayMs = 86_400_000;

/** Days in a row, each as `2026-11-28`; both are in it. */
export interface Period {
  from: string;
  to: string;
}

function moved(day: string, by: number): string {
  const moment = new Date(Date.parse(`${day}T00:00:00Z`) + by * dayMs);
  const [date = day] = moment.toISOString().split("T");
  return date;
}

/** The days that end with a day. */
export const periodUpTo = (to: string, days: number): Period => ({ from: moved(to, 1 - days), to });

/** As many days right before a period. */
export const periodBefore = ({ from }: Period, days: number): Period => periodUpTo(moved(from, -1), days);

/** Every day of a period. */
export function daysOf({ from, to }: Period): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = moved(day, 1)) days.push(day);
  return days;
}
