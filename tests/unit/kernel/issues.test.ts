import { describe, expect, it } from "vitest";
import { z } from "zod";
import { issueLines } from "#src/kernel/issues.ts";
import { createTemplateSchema } from "#src/personas/templates/schemas.ts";

const named = (config: unknown) => {
  const { error } = createTemplateSchema.safeParse({ name: "R", config });
  return error ? issueLines(error) : [];
};
const text = { action: "ai_text_generate" };
const steps = (of: Record<string, unknown>) =>
  named({ workflow: { start_step: "a", steps: { a: text, ...of } } });

describe("What is wrong with a plan is told where it is", () => {
  it.each([
    ["write text", "Letters, digits, _ and -, at most 64"],
    ["x".repeat(65), "Letters, digits, _ and -, at most 64"],
    ["constructor", "This name is reserved"],
  ])("when a step is called %s", (name, why) => {
    expect(steps({ [name]: text })).toEqual([`config.workflow.steps.${name}: The name "${name}": ${why}`]);
  });

  it("when several things are, each", () => {
    const sub_tasks = [
      { step_name: "a b", topic: "t" },
      { step_name: "toString", topic: 5 },
    ];
    expect(
      steps({ b: { action: "" }, c: { action: "fan_out", sub_tasks }, d: { ...text, dependencies: ["b!"] } }),
    ).toEqual([
      expect.stringMatching(/^config\.workflow\.steps\.b\.action: Too small/),
      "config.workflow.steps.c.sub_tasks.0.step_name: Letters, digits, _ and -, at most 64",
      "config.workflow.steps.c.sub_tasks.1.step_name: This name is reserved",
      expect.stringMatching(/^config\.workflow\.steps\.c\.sub_tasks\.1\.topic: .*expected string/),
      "config.workflow.steps.d.dependencies.0: Letters, digits, _ and -, at most 64",
    ]);
  });

  it("when it is no plan at all, with what it could be", () => {
    expect(named({ workflow: 5 })).toEqual([
      "config.workflow: Invalid input: expected object, received number; or: Invalid input: expected string, received number",
    ]);
    expect(named({ workflow: "a b" })).toEqual([expect.stringMatching(/^config\.workflow: A letter, then/)]);
    expect(named({ workflow: {} })).toEqual([
      expect.stringMatching(/^config\.workflow\.start_step: /),
      expect.stringMatching(/^config\.workflow\.steps: /),
    ]);
  });
});

describe("What is wrong with other values is told where it is", () => {
  const lines = (schema: z.ZodType, value: unknown) => {
    const { error } = schema.safeParse(value);
    return error ? issueLines(error) : [];
  };

  it("in unions within unions", () => {
    const inner = z.union([z.number(), z.object({ x: z.string() })]);
    const schema = z.object({ list: z.array(z.union([z.string(), z.object({ inner })])) });
    expect(lines(schema, { list: ["a", { inner: { x: 1 } }] })).toEqual([
      "list.1.inner.x: Invalid input: expected string, received number",
    ]);
  });

  it("when a union takes either of two texts, and this is neither", () => {
    expect(lines(z.object({ at: z.iso.datetime().or(z.iso.date()) }), { at: "soon" })).toEqual([
      "at: Invalid ISO datetime; or: Invalid ISO date",
    ]);
  });

  it("when keys are not known", () => {
    expect(lines(z.object({ in: z.strictObject({}) }), { in: { b: 1, c: 2 } })).toEqual([
      'in.b: Unrecognized key: "b"',
      'in.c: Unrecognized key: "c"',
    ]);
  });
});
