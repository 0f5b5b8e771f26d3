import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { executionEvents } from "#src/kernel/events/executions.ts";
import { redactedData } from "#src/objects/redacted-data.ts";
import { present } from "../../support/personas.ts";

describe("What is left of an event when what its run was about is erased", () => {
  it("is in what says something of figures, ids and the plan, and names what is gone", () => {
    const sample = present(executionEvents["execution.paused"].sample);
    const { description, data, ...kept } = sample;
    expect(redactedData(sample)).toEqual({ ...kept, omitted: ["description", "data"] });
    expect(redactedData(present(executionEvents["execution.completed"].sample))).toMatchObject({
      status: "completed",
      error: null,
      omitted: ["result"],
    });
  });

  it("has nobody's words in it, and is the same when it is redacted once more", () => {
    const words = fc.constantFrom("message", "description", "data", "result", "error", "errors", "reason");
    fc.assert(
      fc.property(fc.dictionary(words, fc.constant("CANARY")), fc.nat(), (said, revision) => {
        const left = redactedData({ ...said, revision });
        expect(JSON.stringify(left)).not.toContain("CANARY");
        expect(left).toMatchObject({ revision });
        expect(redactedData(left)).toEqual(left);
      }),
    );
  });
});
