import { exports } from "cloudflare:workers";
import { beforeAll } from "vitest";
import { z } from "zod";
import type { TestUser } from "./users.ts";

const errorSchema = z.object({
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  extensions: z.object({
    code: z.string(),
    status: z.number(),
    request_id: z.string(),
    details: z.unknown().optional(),
  }),
});

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(errorSchema).optional(),
  extensions: z.object({ cost: z.number() }).optional(),
});

/** A request for GraphQL, by whoever has this token. */
export const graphqlRequest = (
  body: unknown,
  user?: Pick<TestUser, "headers">,
  headers: Record<string, string> = {},
): Promise<Response> =>
  exports.default.fetch("http://platform.test/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", ...user?.headers, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

// The gateway loads the library when it is first asked. Here Vite brings it by calls that belong to that request: another
// that waits for the same module would be refused ("Cannot perform I/O on behalf of a different request").
beforeAll(async () => {
  await (await graphqlRequest({ query: "{ __typename }" })).text();
});

/** What GraphQL answers to a document. */
export async function query(
  user: Pick<TestUser, "headers"> | undefined,
  document: string,
  variables?: Record<string, unknown>,
  more: { operationName?: string; headers?: Record<string, string> } = {},
) {
  const { headers, ...rest } = more;
  const answer = await graphqlRequest({ query: document, variables, ...rest }, user, headers);
  return answerSchema.parse(await answer.json());
}

/** The codes of what has been refused. */
export const codesOf = ({ errors = [] }: { errors?: { extensions: { code: string } }[] }): string[] =>
  errors.map(({ extensions }) => extensions.code);
