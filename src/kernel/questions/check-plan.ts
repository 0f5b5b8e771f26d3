import { type PlainIssue, plainIssues } from "../issues.ts";
import { type Filter, type Plan, planLimits, planSchema } from "./plan.ts";
import { type Dataset, datasetOf, type Field, isTimeDimension, operatorsOf } from "./vocabulary.ts";

const dayMs = 86_400_000;

const fieldIn = ({ fields }: Dataset, name: string): Field | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

/** What can be told of apart together: usage is counted by one of these at a time. */
const usageNames = ["persona", "model", "agent"];

function problemsOfFilter({ field: name, op, value }: Filter, dataset: Dataset): string[] {
  const field = fieldIn(dataset, name);
  if (!field) return [`There is no field ${name}; there are ${Object.keys(dataset.fields).join(", ")}`];
  if (!operatorsOf(field).includes(op)) return [`${name} is compared by ${operatorsOf(field).join(", ")}`];
  if ((op === "in") !== Array.isArray(value)) return ["`in` takes a list, and nothing else does"];
  const values = [value].flat();
  const wanted = field.type === "number" ? "number" : "string";
  if (values.some((one) => typeof one !== wanted)) return [`${name} takes a ${wanted}`];
  const { choices } = field;
  if (choices && !values.every((one) => choices.some((choice) => choice === one)))
    return [`${name} is one of ${choices.join(", ")}`];
  if (op === "contains" && !values.every((one) => /[\p{L}\p{N}]/u.test(String(one))))
    return ["There has to be a letter or a digit in it"];
  return [];
}

function problemsOfTime({ time }: Plan): string[] {
  if (!("between" in time)) return [];
  const { from, to } = time.between;
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  if (days < 1) return ["It ends before it begins"];
  return days > planLimits.days ? [`It is ${days} days; there may be ${planLimits.days}`] : [];
}

const repeated = (names: readonly string[]): boolean => new Set(names).size < names.length;

/** What is wrong with a plan whose parts are as they should be, each with where that is; nothing of one that can be carried out. */
export function planProblems(plan: Plan): PlainIssue[] {
  const dataset = datasetOf(plan.dataset);
  const { measures, dimensions, filters, order_by, compare } = plan;
  const problems: PlainIssue[] = [];
  const wrong = (path: PropertyKey[], message: string) => problems.push({ path, message });
  for (const [at, measure] of measures.entries())
    if (!Object.hasOwn(dataset.measures, measure))
      wrong(
        ["measures", at],
        `${plan.dataset} has no ${measure}; there are ${Object.keys(dataset.measures).join(", ")}`,
      );
  for (const [at, dimension] of dimensions.entries()) {
    if (dataset.isOfTime && isTimeDimension(dimension)) continue;
    const field = fieldIn(dataset, dimension);
    if (!field || field.filterOnly) wrong(["dimensions", at], `${plan.dataset} is not told by ${dimension}`);
  }
  for (const [at, filter] of filters.entries())
    for (const message of problemsOfFilter(filter, dataset)) wrong(["filters", at], message);
  for (const message of problemsOfTime(plan)) wrong(["time", "between"], message);
  if (repeated(measures)) wrong(["measures"], "Each measure once");
  if (repeated(dimensions)) wrong(["dimensions"], "Each dimension once");
  if (order_by && ![...measures, ...dimensions].includes(order_by.by))
    wrong(["order_by", "by"], "It is by one of the plan's measures or dimensions");
  if (order_by && !measures.includes(order_by.by) && fieldIn(dataset, order_by.by)?.type === "name")
    wrong(["order_by", "by"], "Names are put in no order of their own; say a measure");
  if (compare && (dimensions.some(isTimeDimension) || !dataset.isOfTime))
    wrong(["compare"], "What is told by time, or of now, is not compared with the period before");
  if (plan.dataset === "usage") {
    const told = new Set([...dimensions, ...filters.map(({ field }) => field)]);
    if (usageNames.filter((name) => told.has(name)).length > 1)
      wrong(["dimensions"], `Usage is told by one of ${usageNames.join(", ")} at a time`);
  }
  return problems;
}

/** A plan as somebody or something gives it; or what is wrong with it. */
export function readPlan(given: unknown): { ok: true; plan: Plan } | { ok: false; problems: PlainIssue[] } {
  const { data, error } = planSchema.safeParse(given);
  if (!data) return { ok: false, problems: plainIssues(error?.issues ?? []) };
  const problems = planProblems(data);
  return problems.length === 0 ? { ok: true, plan: data } : { ok: false, problems };
}
