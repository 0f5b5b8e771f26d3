import { z } from "@hono/zod-openapi";
import { type Verdict, verdicts } from "./tool.ts";

/** Which calls are carried out, which only after a person has allowed them, and which never. */
export const toolPolicySchema = z
  .array(
    z.object({
      tool: z.string().min(1).max(100).openapi({
        description: "A tool's name; `*` stands for any part of it",
        example: "workflow:*",
      }),
      verdict: z.enum(verdicts).openapi({
        description: "Whether a call is carried out, only after a person has allowed it, or never",
      }),
    }),
  )
  .max(100);
type ToolPolicy = z.infer<typeof toolPolicySchema>;

/** A policy that cannot be read allows nothing. */
const orNothing = toolPolicySchema.default([]).catch([{ tool: "*", verdict: "deny" }]);

/** Each call asks for it: a config is read once, for as long as it is in memory. */
const known = new WeakMap<object, ToolPolicy>();

function policyOf(config: Readonly<Record<string, unknown>>): ToolPolicy {
  const read = known.get(config) ?? orNothing.parse(config.tool_policy);
  known.set(config, read);
  return read;
}

/** Whether a name fits a pattern: its parts between `*` come one after another, the first at the start, the last at the end. */
function fits(name: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  let at = first.length;
  if (!name.startsWith(first)) return false;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

/** What a persona's policy says of a tool: deny beats ask, ask beats allow; a tool that it says nothing of is allowed. */
export function verdictOn(tool: string, config: Readonly<Record<string, unknown>>): Verdict {
  const said = policyOf(config).flatMap((rule) => (fits(tool, rule.tool) ? rule.verdict : []));
  return said.includes("deny") ? "deny" : said.includes("ask") ? "ask" : "allow";
}
