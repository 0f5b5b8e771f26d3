import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import { gatesOf } from "#src/engine/waiting.ts";
import { apply, begin, completed, failed, out, text } from "../../support/engine.ts";
import { plan } from "../../support/plans.ts";

const question = { tool: "shop", needs: "commerce.orders", before: { held: 2 }, after: { held: 0 } };
const asked = (attempt = 1): RunEvent => ({ type: "task_asked", taskId: "run.a.main", attempt, question });
const answered = (approved: boolean): RunEvent => ({
  type: "answered",
  approved,
  userId: "u",
  step: "a.main",
});
const begun = begin(plan("a", { a: text({ next_step: "b" }), b: text() }));

describe("A task of which it turns out that a person is to allow it first", () => {
  it("waits for the answer, holding no fuel, and tells what it would change", () => {
    const waiting = apply(begun, asked());
    expect(waiting).toMatchObject({ status: "paused", fuel: { reserved: 0, spent: 0 } });
    expect(out(waiting)).toEqual([]);
    expect(gatesOf(waiting)).toMatchObject([
      {
        step: "a.main",
        needs: "commerce.orders",
        review: { tool: "shop", before: { held: 2 }, after: { held: 0 } },
        expires_at: "1970-01-02T00:00:01.000Z",
      },
    ]);
  });

  it("goes out again once it is allowed, as the same attempt, and is asked about no more", () => {
    const allowed = apply(begun, asked(), answered(true));
    expect(out(allowed)).toEqual(["run.a.main"]);
    expect(allowed.fuel.reserved).toBe(begun.fuel.reserved);
    expect(advance(allowed, asked(), 2000).applied).toBe(false);
    expect(out(apply(allowed, completed("run.a.main")))).toEqual(["run.b.main"]);
  });

  it("fails its step where it is refused, or nobody answers in a day", () => {
    expect(apply(begun, asked(), answered(false))).toMatchObject({
      status: "failed",
      error: { code: "TOOL_REFUSED" },
    });
    expect(advance(apply(begun, asked()), { type: "tick" }, 86_401_000).state).toMatchObject({
      status: "failed",
      error: { code: "APPROVAL_TIMEOUT" },
    });
  });

  it("leads where the plan says that a refusal leads", () => {
    const spared = begin(plan("a", { a: text({ on_error: "b" }), b: text() }));
    expect(out(apply(spared, asked(), answered(false)))).toEqual(["run.b.main"]);
  });

  it("is not put back by a word about another attempt, nor by one that comes late", () => {
    expect(advance(begun, asked(2), 1000).applied).toBe(false);
    expect(advance(apply(begun, completed("run.a.main")), asked(), 1000).applied).toBe(false);
    // What its consumer still says of it meanwhile counts for nothing.
    const waiting = apply(begun, asked());
    for (const late of [completed("run.a.main"), failed("run.a.main")])
      expect(advance(waiting, late, 1000).applied).toBe(false);
  });
});
