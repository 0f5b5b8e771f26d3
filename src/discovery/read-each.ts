import type { z } from "@hono/zod-openapi";
import { issueLines } from "#src/kernel/issues.ts";
import { cutText } from "#src/text/cut-text.ts";

/** What is wrong with one of several things that were given at once. */
interface TakenError {
  index: number;
  id: string | null;
  message: string;
}

/** One that is of the form, with its place. */
interface Read<T> {
  index: number;
  value: T;
}

/** Reads each of what was given at once: one that is not of the form holds up no other. */
export function readEach<T>(
  given: readonly object[],
  schema: z.ZodType<T>,
): { read: Read<T>[]; errors: TakenError[] } {
  const read: Read<T>[] = [];
  const errors: TakenError[] = [];
  for (const [index, one] of given.entries()) {
    const parsed = schema.safeParse(one);
    if (parsed.success) read.push({ index, value: parsed.data });
    else errors.push({ index, id: idOf(one), message: issueLines(parsed.error).join("; ") });
  }
  return { read, errors };
}

/** What is told of one that there was no room for, or that cannot be. */
export const errorAt = (index: number, id: string, message: string): TakenError => ({ index, id, message });

function idOf(one: object): string | null {
  const id: unknown = Reflect.get(one, "id");
  return typeof id === "string" ? cutText(id, 200) : null;
}
