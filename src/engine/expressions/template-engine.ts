import {
  Context,
  defaultOperators,
  type Emitter,
  Liquid,
  type Operators,
  Tag,
  type Template,
} from "liquidjs";
import type { ExpressionBudget } from "./expression-budget.ts";

/** A rendered part costs as much as so many looks of a filter. */
const partCost = 100;

/** Parts of a template that may be rendered, each turn of a loop counted anew. */
const maxRendered = 100_000;

/** Characters that one template may write. */
const maxWritten = 4_000_000;

const asText = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");

const { contains = () => false } = defaultOperators;

/** `contains` looks at a whole list, or a text: that costs like a filter that does. */
const operators: Operators = {
  ...defaultOperators,
  contains: function* (left, right, context) {
    context.memoryLimit.use(Array.isArray(left) ? left.length : 1);
    return yield contains(left, right, context);
  },
};

export const liquid = new Liquid({
  strictVariables: true,
  lenientIf: true,
  strictFilters: true,
  ownPropertyOnly: true,
  outputEscape: asText,
  operators,
  timezoneOffset: 0,
  parseLimit: 100_000,
  // Counted by its filters in parts and characters they look at, so it bounds time as well.
  memoryLimit: 4_000_000,
});

// Filters that depend on chance, or are loops by another name.
for (const name of [
  "sample",
  "where_exp",
  "reject_exp",
  "group_by_exp",
  "has_exp",
  "find_exp",
  "find_index_exp",
])
  liquid.unregisterFilter(name);

/** Filters that compare items with each other look at each so many times more than their own count says. */
const moreLooks = { sort: 20, sort_natural: 20, uniq: 4 };
for (const [name, times] of Object.entries(moreLooks)) {
  const filter = liquid.filters[name];
  if (typeof filter !== "function") continue;
  liquid.registerFilter(name, function (value, ...rest) {
    const looks = Array.isArray(value) ? value.length * times : 0;
    for (let paid = 0; paid < looks; paid += partCost) this.context.renderLimit.check(0);
    return filter.call(this, value, ...rest);
  });
}

// A template reads the run's data and nothing else.
for (const name of ["include", "render", "layout", "block"]) delete liquid.tags[name];

/** A run gives the same whenever it is looked at: templates know no present. */
for (const name of ["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"]) {
  const filter = liquid.filters[name];
  if (typeof filter !== "function") continue;
  liquid.registerFilter(name, function (value, ...rest) {
    if (value === "now" || value === "today") throw new Error("Templates do not know what time it is");
    return filter.call(this, value, ...rest);
  });
}

/** Collects what a template writes, and counts it: literal text in a loop as well as values. */
class CountingEmitter implements Emitter {
  buffer = "";
  readonly #count: (characters: number) => void;

  constructor(count: (characters: number) => void) {
    this.#count = count;
  }

  write(html: unknown): void {
    const text = asText(html);
    this.#count(text.length);
    this.buffer += text;
  }
}

// Everything that renders comes through here, also what a tag such as `capture` keeps for itself.
const { renderer } = liquid;
const renderTemplates = renderer.renderTemplates.bind(renderer);
renderer.renderTemplates = (templates, context, emitter) =>
  renderTemplates(
    templates,
    context,
    emitter ?? new CountingEmitter((count) => context.renderLimit.use(count)),
  );

/** The data that a template is rendered with: a copy on top, for tags that assign, and a limit that counts, not a clock. */
export function contextOf(scope: object, budget: ExpressionBudget): Context {
  const context = new Context({ ...scope }, liquid.options, { sync: true }, { liquid });
  let rendered = 0;
  context.renderLimit.check = () => {
    if (++rendered > maxRendered) throw new Error("The template takes too long");
    budget.spend(partCost);
  };
  // Nothing else uses this limit, only checks it: it counts characters that are written.
  let written = 0;
  context.renderLimit.use = (characters) => {
    written += characters;
    if (written > maxWritten) throw new Error("The template gives too much");
    budget.give(characters);
  };
  const { memoryLimit } = context;
  const use = memoryLimit.use.bind(memoryLimit);
  memoryLimit.use = (count) => {
    use(count);
    budget.spend(count);
  };
  return context;
}

const loops = ["for", "tablerow"];

/** How deep loops of a template are nested. */
export function loopDepth(templates: readonly Template[]): number {
  const depthOf = (template: Template): number => {
    const isLoop = template instanceof Tag && loops.includes(template.name);
    return (isLoop ? 1 : 0) + loopDepth(childrenOf(template));
  };
  return Math.max(0, ...templates.map(depthOf));
}

function childrenOf(template: Template): readonly Template[] {
  const search = template.children?.(false, true);
  for (let step = search?.next(); step; step = search?.next(step.value)) {
    if (step.done) return step.value;
  }
  return [];
}
