import { z } from "@hono/zod-openapi";
import { issueLines } from "#src/kernel/issues.ts";
import type { Tool } from "./tool.ts";

/** A tool whose arguments are checked by a schema, which is also what the model is told. */
export const checkedTool = (
  { name, ...more }: Pick<Tool, "name" | "action" | "topic" | "description" | "changes">,
  schema: z.ZodType<Record<string, unknown>>,
): Tool => ({
  ...more,
  name,
  calledBy: name.replaceAll(".", "_"),
  inputSchema: () => {
    const { $schema: _, ...described } = z.toJSONSchema(schema, { io: "input" });
    return described;
  },
  read: (input) => {
    const { data, error } = schema.safeParse(input);
    return data ? { ok: true, input: data } : { ok: false, problem: issueLines(error).join("; ") };
  },
});
