import fc from "fast-check";
import { expect, it } from "vitest";
import { advance, type Done, type FunnelStep, type Progress, type Taken } from "#src/analytics/funnel.ts";

const steps: FunnelStep[] = [
  { event: "conversations.started" },
  { event: "messages.sent", where: { role: "user" } },
  { event: "satisfaction.given" },
];
const windowMs = 1000;

function walked(all: readonly Done[]): Taken[] {
  let progress: Progress | undefined;
  return all.flatMap((done) => {
    const next = advance(steps, windowMs, progress, done);
    progress = next.progress;
    return next.taken ?? [];
  });
}

const begun = (at: number): Done => ({ at, metric: "conversations.started", by: {} });
const said = (at: number, role = "user"): Done => ({ at, metric: "messages.sent", by: { role } });
const rated = (at: number): Done => ({ at, metric: "satisfaction.given", by: { score: "5" } });

it("Steps are taken in their order, each with the time since the one before", () => {
  expect(walked([said(1), begun(2), rated(3), said(5), begun(6), rated(10)])).toEqual([
    { step: 1, at: 2, afterMs: 0 },
    { step: 2, at: 5, afterMs: 3 },
    { step: 3, at: 10, afterMs: 5 },
  ]);
});

it("What is told by something else is no step", () => {
  expect(walked([begun(1), said(2, "assistant")]).map(({ step }) => step)).toEqual([1]);
});

it("After the window the first step may be taken anew, and nothing else", () => {
  expect(walked([begun(0), said(1001)]).map(({ step }) => step)).toEqual([1]);
  expect(walked([begun(0), begun(1001), said(1002)]).map(({ step }) => step)).toEqual([1, 1, 2]);
});

it("Who has come to the end stays there", () => {
  expect(walked([begun(0), said(1), rated(2), begun(5000)]).map(({ step }) => step)).toEqual([1, 2, 3]);
});

it("Nobody takes a step more often than the one before, nor outside the window", () => {
  const done = fc.oneof(fc.constant(begun), fc.constant(said), fc.constant(rated));
  const all = fc.array(fc.tuple(done, fc.nat({ max: 800 })), { maxLength: 40 });
  fc.assert(
    fc.property(all, (parts) => {
      const moments = parts.map((_, index) =>
        parts.slice(0, index + 1).reduce((at, [, wait]) => at + wait, 0),
      );
      const taken = walked(parts.map(([make], index) => make(moments[index] ?? 0)));
      const times = (step: number) => taken.filter((one) => one.step === step);
      expect(times(2).length).toBeLessThanOrEqual(times(1).length);
      expect(times(3).length).toBeLessThanOrEqual(times(2).length);
      for (const [index, { step, afterMs }] of taken.entries())
        if (step > 1) {
          expect(taken[index - 1]?.step).toBe(step - 1);
          expect(afterMs).toBeLessThanOrEqual(windowMs);
        }
    }),
  );
});
