import type { components } from "#client/index.ts";

/** Of a run, what it executes again with. */
type Executed = Pick<components["schemas"]["Run"], "instance_id" | "input">;

/** A text as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The commands that execute a run's persona again with its input; the token stands in `TOKEN`. */
export function asCurl({ instance_id: id, input }: Executed, origin: string): string {
  const body = JSON.stringify({ input: input ?? {} });
  return [
    `curl -X POST ${quoted(`${origin}/api/v1/personas/instances/${id}/execute`)}`,
    `  -H "Authorization: Bearer $TOKEN"`,
    "  -H 'Content-Type: application/json'",
    `  -d ${quoted(body)}`,
  ].join(" \\\n");
}

/** The same as a module for Node, with the client library; the token stands in the environment. */
export function asTypeScript({ instance_id: id, input }: Executed, origin: string): string {
  const given = JSON.stringify({ input: input ?? {} }, null, 2);
  return `import { personaClient } from "@persona-edge/client";

const { runs } = personaClient({ baseUrl: ${JSON.stringify(origin)}, token: process.env.TOKEN });
const run = await runs.execute(${JSON.stringify(id)}, ${given});
console.log(await run.result());
`;
}
