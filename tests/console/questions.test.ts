import { describe, expect, it } from "vitest";
import { type Approval, endingToday, questionOf } from "#console/data/questions.ts";

const approval = (over: Partial<Approval>): Approval => ({
  run_id: "run",
  correlation_id: "run",
  kind: "pause",
  step: "approve",
  since: "2026-11-28T10:00:00.000Z",
  expires_at: null,
  review: null,
  instance_id: null,
  instance_name: null,
  description: "",
  waiting_for: { user_id: "me" },
  review_left_out: false,
  rejection_ends_run: true,
  fuel: { budget: 100, spent: 1 },
  ...over,
});

describe("What is asked", () => {
  it("is the plan's sentence, else the tool that wants to be used, else the step's name", () => {
    expect(questionOf(approval({ description: "Is it tea?" }))).toBe("Is it tea?");
    expect(questionOf(approval({ step: "write.t0.0", review: { tool: "web_search", input: {} } }))).toBe(
      "May it use web_search?",
    );
    expect(questionOf(approval({}))).toBe("approve");
  });

  it("ends today when it answers itself before midnight, here", () => {
    const now = new Date(2026, 10, 28, 15);
    const at = (hours: number) => approval({ expires_at: new Date(2026, 10, 28, hours).toISOString() });
    expect(endingToday([at(16), at(23), at(24), at(30), approval({})], now)).toHaveLength(2);
  });
});
