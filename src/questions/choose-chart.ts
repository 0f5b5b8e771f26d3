import type { ChartType, Plan } from "#src/kernel/questions/plan.ts";
import { isTimeDimension } from "#src/kernel/questions/vocabulary.ts";

/** How an answer is shown: columns by their names. */
export interface Chart {
  type: ChartType;
  /** What its points or parts are told by; null of a number. */
  x: string | null;
  y: string[];
  /** What tells its lines or bars apart, where there are several. */
  series: string | null;
}

type Asked = Pick<Plan, "measures" | "dimensions" | "chart">;

/** Whether a kind of chart can show such columns. */
function fits(type: ChartType, { measures, dimensions }: Asked): boolean {
  const times = dimensions.filter(isTimeDimension).length;
  switch (type) {
    case "table":
      return true;
    case "number":
      return dimensions.length === 0;
    case "line":
      return times === 1 && (dimensions.length === 1 || (dimensions.length === 2 && measures.length === 1));
    case "bar":
      return dimensions.length === 1 || (dimensions.length === 2 && measures.length === 1);
    case "pie":
      return dimensions.length === 1 && times === 0 && measures.length === 1;
  }
}

const usual = (asked: Asked): ChartType => {
  if (asked.dimensions.length === 0) return "number";
  return (["line", "bar"] as const).find((type) => fits(type, asked)) ?? "table";
};

/** The chart that is wanted, or the usual one; what does not fit the columns becomes a table. */
export function chooseChart(asked: Asked): Chart {
  const { measures, dimensions, chart = usual(asked) } = asked;
  const type = fits(chart, asked) ? chart : "table";
  const x = dimensions.find(isTimeDimension) ?? dimensions[0] ?? null;
  const isSeries = dimensions.length === 2 && (type === "line" || type === "bar");
  return {
    type,
    x: type === "number" ? null : x,
    y: [...measures],
    series: isSeries ? (dimensions.find((one) => one !== x) ?? null) : null,
  };
}
