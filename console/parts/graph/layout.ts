import { Graph as Dagre, layout } from "@dagrejs/dagre";

/** A plan, as far as its picture goes. */
export interface DrawnPlan {
  start_step: string;
  steps: Record<string, DrawnStep>;
}

interface DrawnStep {
  action: string;
  [field: string]: unknown;
}

export type LineKind = "next" | "need" | "error" | "undo";

export interface Box {
  id: string;
  action: string;
  /** Rows inside: the sub-tasks of a fan-out. */
  rows: readonly string[];
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Line {
  from: string;
  to: string;
  kind: LineKind;
  points: readonly { x: number; y: number }[];
}

export interface Layout {
  boxes: readonly Box[];
  lines: readonly Line[];
  width: number;
  height: number;
}

const size = { width: 196, head: 60, row: 26 };

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The names of a step's sub-tasks. */
export function subTasksOf({ sub_tasks: tasks }: DrawnStep): string[] {
  if (!Array.isArray(tasks)) return [];
  return tasks.flatMap((task: unknown) =>
    typeof task === "object" && task !== null && "step_name" in task ? [String(task.step_name)] : [],
  );
}

/** The lines that leave a step, by what its plan says. */
export function linesOf(plan: DrawnPlan): Pick<Line, "from" | "to" | "kind">[] {
  const lines = Object.entries(plan.steps).flatMap(([id, step]) => {
    const needs = Array.isArray(step.dependencies)
      ? step.dependencies.flatMap((name) => textOf(name) ?? [])
      : [];
    const [next, error, undo] = [textOf(step.next_step), textOf(step.on_error), textOf(step.compensate)];
    return [
      ...(next ? [{ from: id, to: next, kind: "next" as const }] : []),
      ...needs
        .filter((name) => textOf(plan.steps[name]?.next_step) !== id)
        .map((name) => ({ from: name, to: id, kind: "need" as const })),
      ...(error ? [{ from: id, to: error, kind: "error" as const }] : []),
      ...(undo ? [{ from: id, to: undo, kind: "undo" as const }] : []),
    ];
  });
  return lines.filter(({ from, to }) => plan.steps[from] !== undefined && plan.steps[to] !== undefined);
}

/**
 * Where the steps of a plan stand.
 * @param isDown top to bottom, for narrow screens
 */
export function layoutOf(plan: DrawnPlan, isDown: boolean): Layout {
  const graph = new Dagre({ multigraph: true });
  const spread = isDown
    ? { rankdir: "TB", nodesep: 20, ranksep: 36 }
    : { rankdir: "LR", nodesep: 24, ranksep: 52 };
  graph.setGraph({ ...spread, marginx: 20, marginy: 20 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, step] of Object.entries(plan.steps))
    graph.setNode(id, { width: size.width, height: size.head + subTasksOf(step).length * size.row });
  const drawn = linesOf(plan);
  for (const { from, to, kind } of drawn) graph.setEdge(from, to, {}, kind);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const boxes = Object.entries(plan.steps).map(([id, step]) => {
    const { x, y, width: wide, height: high } = graph.node(id);
    return {
      id,
      action: step.action,
      rows: subTasksOf(step),
      x: x - wide / 2,
      y: y - high / 2,
      width: wide,
      height: high,
    };
  });
  const lines = drawn.map((line) => ({
    ...line,
    points: graph.edge(line.from, line.to, line.kind).points ?? [],
  }));
  return { boxes, lines, width, height };
}

/** A line through its points as the data of an SVG path: a soft curve where it is short, else corners. */
export function pathOf(points: Line["points"]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "";
  if (points.length > 3) return `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}`;
  if (Math.abs(first.y - last.y) > Math.abs(first.x - last.x)) {
    const middle = (first.y + last.y) / 2;
    return `M${first.x} ${first.y}C${first.x} ${middle} ${last.x} ${middle} ${last.x} ${last.y}`;
  }
  const middle = (first.x + last.x) / 2;
  return `M${first.x} ${first.y}C${middle} ${first.y} ${middle} ${last.y} ${last.x} ${last.y}`;
}
