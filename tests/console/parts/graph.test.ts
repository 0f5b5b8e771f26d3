import { describe, expect, it } from "vitest";
import { layoutOf, linesOf } from "#console/parts/graph/layout.ts";
import { fitted, stepTowards, zoomed } from "#console/parts/graph/view.ts";

const plan = {
  start_step: "gather",
  steps: {
    gather: {
      action: "fan_out",
      sub_tasks: [{ step_name: "research" }, { step_name: "picture" }],
      next_step: "write",
    },
    write: { action: "ai_text_generate", next_step: "done", on_error: "give_up", compensate: "undo" },
    give_up: { action: "complete_workflow" },
    undo: { action: "ai_text_generate" },
    done: { action: "complete_workflow", dependencies: ["gather", "write", "nowhere"] },
  },
};

describe("The picture of a plan", () => {
  it("has a line for each way out of a step, and none to where nothing is", () => {
    expect(linesOf(plan)).toEqual([
      { from: "gather", to: "write", kind: "next" },
      { from: "write", to: "done", kind: "next" },
      { from: "write", to: "give_up", kind: "error" },
      { from: "write", to: "undo", kind: "undo" },
      { from: "gather", to: "done", kind: "need" },
    ]);
  });

  it("has a box for each step, none above another, higher for each sub-task", () => {
    const { boxes } = layoutOf(plan, false);
    expect(boxes.map(({ id }) => id).sort()).toEqual(Object.keys(plan.steps).sort());
    for (const a of boxes)
      for (const b of boxes)
        if (a.id < b.id)
          expect(
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
          ).toBe(true);
    const heightOf = (id: string) => boxes.find((box) => box.id === id)?.height ?? 0;
    expect(heightOf("gather")).toBeGreaterThan(heightOf("write"));
  });

  it("places two hundred steps, none over another", () => {
    const steps = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [
        `s${at}`,
        { action: "ai_text_generate", next_step: `s${at + 1}` },
      ]),
    );
    const { boxes } = layoutOf({ start_step: "s0", steps }, false);
    expect(new Set(boxes.map(({ x, y }) => `${x} ${y}`)).size).toBe(200);
  });
});

describe("How a plan is seen", () => {
  const layout = layoutOf(plan, false);

  it("is whole where it fits, and never too small to be read", () => {
    const room = { width: layout.width + 100, height: layout.height + 50 };
    expect(fitted(layout, room, undefined)).toEqual({ scale: 1, x: 50, y: 25 });
    expect(fitted(layout, { width: 100, height: 100 }, "write").scale).toBe(0.55);
  });

  it("comes nearer about a point, which stays where it is", () => {
    const { scale, x } = zoomed({ scale: 1, x: 10, y: 0 }, 2, { x: 60, y: 0 });
    expect((60 - x) / scale).toBe(50);
  });

  it("is walked along its lines", () => {
    expect(stepTowards(layout, "gather", "ArrowRight", false)).toBe("write");
    expect(stepTowards(layout, "write", "ArrowLeft", false)).toBe("gather");
    expect(stepTowards(layout, "gather", "ArrowLeft", false)).toBeUndefined();
  });
});
