import { type OutputUnit, Validator } from "@cfworker/json-schema";
import { TaskError } from "../messaging/task-error.ts";
import { schemaProblems } from "../personas/check-schema.ts";
import type { Verdict } from "./structured-answer.ts";

/** A form for answers, given as JSON Schema. */
export interface OutputForm {
  /** What a tool takes: tools take objects, so anything else travels as the `value` of one. */
  inputSchema: Record<string, unknown>;
  check(answer: unknown): Verdict<unknown>;
}

const isWrapper = (value: unknown): value is { value: unknown } =>
  typeof value === "object" && value !== null && "value" in value;

/**
 * The form that an `output_schema` describes.
 * @throws TaskError `AGENT_CONFIG_INVALID` when the schema cannot be applied
 */
export function outputForm(schema: Record<string, unknown>): OutputForm {
  const validator = validatorOf(schema);
  const isObject = schema.type === "object";
  return {
    inputSchema: isObject
      ? schema
      : { type: "object", properties: { value: schema }, required: ["value"], ...definitionsOf(schema) },
    check: (answer) => {
      const value = !isObject && isWrapper(answer) ? answer.value : answer;
      const { valid, errors } = validator.validate(value);
      return valid ? { ok: true, value } : { ok: false, problems: errors.map(problemOf) };
    },
  };
}

/** References start at the root, which the wrapper is now. */
const definitionsOf = ({ $defs, definitions }: Record<string, unknown>) => ({
  ...($defs === undefined ? {} : { $defs }),
  ...(definitions === undefined ? {} : { definitions }),
});

const problemOf = ({ instanceLocation, error }: OutputUnit): string => `${instanceLocation}: ${error}`;

function validatorOf(schema: Record<string, unknown>): Validator {
  const problems = schemaProblems(schema);
  if (problems.length === 0) return new Validator(schema, "2020-12", false);
  throw new TaskError("AGENT_CONFIG_INVALID", "The output_schema cannot be applied", {
    details: { problems },
  });
}
