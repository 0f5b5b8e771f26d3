import { TaskError } from "#src/engine/task-error.ts";
import { applySchema, type SchemaError } from "#src/json-schema/apply-schema.ts";
import { schemaProblems } from "#src/personas/index.ts";
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
  refuseUnsound(schema);
  const isObject = schema.type === "object";
  return {
    inputSchema: isObject
      ? schema
      : { type: "object", properties: { value: schema }, required: ["value"], ...definitionsOf(schema) },
    check: (answer) => {
      const value = !isObject && isWrapper(answer) ? answer.value : answer;
      const errors = errorsOf(schema, value);
      return errors.length === 0 ? { ok: true, value } : { ok: false, problems: errors.map(problemOf) };
    },
  };
}

/** References start at the root, which the wrapper is now. */
const definitionsOf = ({ $defs, definitions }: Record<string, unknown>) => ({
  ...($defs === undefined ? {} : { $defs }),
  ...(definitions === undefined ? {} : { definitions }),
});

const problemOf = ({ path, message }: SchemaError): string => `#/${path.join("/")}: ${message}`;

const unusable = (problems: unknown): TaskError =>
  new TaskError("AGENT_CONFIG_INVALID", "The output_schema cannot be applied", { details: { problems } });

function refuseUnsound(schema: Record<string, unknown>): void {
  const problems = schemaProblems(schema);
  if (problems.length > 0) throw unusable(problems);
}

/** Another answer would only meet the same: what takes too long to check is the schema's fault. */
function errorsOf(schema: Record<string, unknown>, value: unknown): SchemaError[] {
  try {
    return applySchema(schema, value);
  } catch (error) {
    throw unusable([{ path: [], message: error instanceof Error ? error.message : String(error) }]);
  }
}
