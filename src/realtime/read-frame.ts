import { z } from "zod";
import { plainIssues } from "#src/kernel/issues.ts";

/** As much of a broken command as can be told. */
const addressSchema = z
  .object({
    event: z.string().max(100).optional().catch(undefined),
    id: z.string().max(128).optional().catch(undefined),
  })
  .catch({ event: undefined, id: undefined });

/** What is wrong with a frame; the command and its id as far as they can be told. */
export interface Unreadable {
  ok: false;
  details: string;
  command?: string;
  id?: string;
}

/** The JSON of a frame; undefined where there is none. */
export function bodyOfFrame(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** Which command is refused that cannot be carried out, and its id: whoever waits for its answer gets it. */
export function refusedIn(body: unknown, details: string): Unreadable {
  const { event: command, id } = addressSchema.parse(body);
  return { ok: false, details, command, id };
}

/** Reads a command of those that a schema knows by their names. */
export function commandIn<C>(
  body: unknown,
  schema: z.ZodType<C>,
  names: readonly string[],
): { ok: true; value: C } | Unreadable {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  const { event: command, id } = addressSchema.parse(body);
  const [issue] = plainIssues(parsed.error.issues);
  const known = command !== undefined && names.includes(command);
  const details =
    known && issue
      ? `${issue.path.join(".")}: ${issue.message}`
      : `Command '${command ?? ""}' not recognized`;
  return { ok: false, details, command, id };
}

export const notText: Unreadable = { ok: false, details: "Send text, not bytes" };
export const notJson: Unreadable = { ok: false, details: "Not JSON" };
