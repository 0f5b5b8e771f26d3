import { describe, expect, it } from "vitest";
import type { components } from "#client/index.ts";
import { rowAfter, runAfter } from "#console/live/rules.ts";

type Row = components["schemas"]["RunSummary"];
type Run = components["schemas"]["Run"];
type RunEvent = Parameters<typeof rowAfter>[1];

const row: Row = {
  id: "run",
  correlation_id: "run",
  instance_id: "persona",
  instance_name: "Tea taster",
  revision: 1,
  waiting: null,
  status: "running",
  current_step: "write",
  fuel: { budget: 100, spent: 10 },
  tokens: { input: 1, output: 2 },
  error: null,
  created_at: "2026-11-28T10:00:00.000Z",
  updated_at: "2026-11-28T10:00:00.000Z",
  completed_at: null,
  duration_ms: null,
};

const fuel = { budget: 100, reserved: 0, spent: 20 };
const names = { correlation_id: "run", instance_id: "persona" };
const paused: RunEvent = {
  event: "execution.paused",
  data: { ...names, code: "WORKFLOW_PAUSED", step: "approve", expires_at: null, fuel, revision: 5 },
};
const completed: RunEvent = {
  event: "execution.completed",
  data: { ...names, status: "completed", fuel, revision: 7 },
};
const progress = (status: string, revision: number): RunEvent => ({
  event: "execution.progress",
  timestamp: "2026-11-28T10:00:01.000Z",
  data: { ...names, step: "write", action: "ai_text_generate", status, progress: 0.5, fuel, revision },
});

describe("A row of a list of runs", () => {
  it.each([
    [progress("running", 2), "running", "write"],
    [paused, "paused", "approve"],
    [completed, "completed", "write"],
  ])("is what an event says: %#", (event, status, current_step) => {
    expect(rowAfter(row, event)).toMatchObject({ status, current_step });
  });

  it("stays as it is for an event of another run, or of a child run", () => {
    const other: RunEvent = { ...completed, data: { ...completed.data, correlation_id: "another" } };
    const child: RunEvent = {
      event: "execution.completed",
      data: { ...names, child_id: "child", status: "completed", fuel },
    };
    expect(rowAfter(row, other)).toBe(row);
    expect(rowAfter(row, child)).toBe(row);
  });

  it("is not made older by an event that it has been told past", () => {
    const told = { ...row, revision: 6 };
    expect(rowAfter(told, paused)).toBe(told);
    expect(rowAfter(told, completed).status).toBe("completed");
  });

  it("does not come back to life by an event that is late", () => {
    const over = rowAfter(row, completed);
    expect(rowAfter(over, progress("running", 2))).toBe(over);
  });
});

describe("A run", () => {
  const step = (name: string): Run["steps"][number] => ({
    name,
    action: "ai_text_generate",
    status: "pending",
    attempts: 0,
    started_at: null,
    completed_at: null,
    fuel: 0,
    tokens: { input: 0, output: 0 },
    error: null,
  });
  const run: Run = {
    ...names,
    status: "running",
    current_step: "write",
    steps: [step("write"), step("done")],
    data: {},
    fuel,
    error: null,
    created_at: row.created_at,
    updated_at: row.updated_at,
    completed_at: null,
    revision: 3,
  };

  it("has its step as the event says, begun when the event was", () => {
    expect(runAfter(run, progress("running", 4)).steps).toMatchObject([
      { name: "write", status: "running", started_at: "2026-11-28T10:00:01.000Z" },
      { name: "done", status: "pending", started_at: null },
    ]);
  });

  it("is not put back by an event of a smaller revision", () => {
    expect(runAfter(run, progress("running", 2))).toBe(run);
  });
});
