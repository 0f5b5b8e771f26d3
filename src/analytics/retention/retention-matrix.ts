import { monthStart, monthsFrom, weekOf } from "../periods.ts";

interface Row {
  first: number;
  later: number;
  persons: number;
}

/**
 * The cohorts that are told on a day, and what became of each up to then.
 * @param back how many there are before the one that goes on
 */
export function retentionMatrix(cohort: "week" | "month", today: number, back: number) {
  const nth = (later: number) =>
    cohort === "week" ? weekOf(today) - 7 * later : monthsFrom(monthStart(today), -later);
  return {
    since: nth(back),
    of: (rows: readonly Row[]) => {
      const persons = (first: number, later: number) =>
        rows.find((row) => row.first === first && row.later === later)?.persons ?? 0;
      return Array.from({ length: back + 1 }, (_, place) => back - place).map((age) => {
        const first = nth(age);
        const size = persons(first, 0);
        return {
          first,
          persons: size,
          later: Array.from({ length: age + 1 }, (_, later) => ({
            later,
            persons: persons(first, later),
            share: size === 0 ? 0 : persons(first, later) / size,
          })),
        };
      });
    },
  };
}
