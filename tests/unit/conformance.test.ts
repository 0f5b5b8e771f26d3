import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { call } from "../support/api.ts";
import { type Asking, type Attempt, attempts } from "../support/attempts.ts";
import { allOperations, type Operation } from "../support/operations.ts";
import { tenantWorld } from "../support/tenant-world.ts";
import { createUser } from "../support/users.ts";

/** Deletions last: they must not take away what others ask about. */
const operations = (await allOperations()).toSorted(
  (a, b) => Number(a.method === "DELETE") - Number(b.method === "DELETE"),
);

let asking: Asking;
beforeAll(async () => {
  asking = {
    world: await tenantWorld("conformance"),
    admin: await createUser("operator", { role: "admin" }),
  };
});

const named = (operation: Operation) => [operation.id, operation] as const;

const bodyOf = (operation: Operation, attempt: Attempt): BodyInit | undefined =>
  attempt.body ?? (attempt.json === undefined ? operation.body : JSON.stringify(attempt.json));

/** Asks as one caller; `call` fails when the answer is not what the document promises. */
async function ask(
  operation: Operation,
  attempt: Attempt,
  caller: Record<string, string>,
): Promise<Response> {
  const body = bodyOf(operation, attempt);
  const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  return call(operation.address({ ...asking.world.ids, ...attempt.ids }), {
    method: operation.method,
    headers: { ...type, ...caller, ...attempt.headers },
    body,
  });
}

/** The operation's success, asked for as an administrator of the platform and, should that be refused, as the owner or an administrator of the tenant. */
async function successOf(operation: Operation): Promise<Response> {
  const attempt = (await attempts[operation.id]?.(asking)) ?? {};
  const refused: string[] = [];
  for (const { headers } of [asking.admin, asking.world.owner, asking.world.admin]) {
    const answer = await ask(operation, attempt, headers);
    if (answer.ok || answer.status === 101) return answer;
    refused.push(`${answer.status} ${await answer.text()}`);
  }
  throw new Error(
    `${operation.id} did not succeed: give it a resource in tests/support/tenant-world.ts, an example in its ` +
      `schema, or an attempt of its own in tests/support/attempts.ts.\n${refused.join("\n")}`,
  );
}

/** What administrators do, but for what only looks. */
const looks = ["validateTemplate", "validatePersonaConfig", "validateWorkflow"];
const isAction = ({ id, method, path }: Operation): boolean =>
  method !== "GET" && /^\/api\/v1\/(?:admin|templates)(?:\/|$)/.test(path) && !looks.includes(id);

const auditRows = () => env.DB.prepare("SELECT count(*) AS n FROM audit_log").first<number>("n");

describe("A success of every operation is as the OpenAPI document has it", () => {
  it.each(operations.filter((operation) => !isAction(operation)).map(named))("%s", async (_, operation) => {
    const answer = await successOf(operation);
    answer.webSocket?.accept();
    answer.webSocket?.close();
    await answer.arrayBuffer();
  });
});

describe("So is that of every action of an administrator, which leaves an audit row", () => {
  it.each(operations.filter(isAction).map(named))("%s", async (_, operation) => {
    const attempt = (await attempts[operation.id]?.(asking)) ?? {};
    const before = (await auditRows()) ?? 0;
    const answer = await ask(operation, attempt, asking.admin.headers);
    expect(answer.ok, await answer.text()).toBe(true);
    expect(await auditRows()).toBeGreaterThan(before);
  });
});

it("Every attempt is at an operation that there is", () => {
  const ids = operations.map(({ id }) => id);
  expect(Object.keys(attempts).filter((id) => !ids.includes(id))).toEqual([]);
});
