import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { call, send } from "../support/api.ts";
import { allOperations, type Operation } from "../support/operations.ts";
import { type TenantWorld, tenantWorld } from "../support/tenant-world.ts";
import { createUser, type TestUser } from "../support/users.ts";

/** What holds of every operation, taken from the document. */
const operations = await allOperations();
const document = z
  .object({ paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.unknown() }))) })
  .parse(await (await call("/openapi.json")).json());

let world: TenantWorld;
let admin: TestUser;
beforeAll(async () => {
  world = await tenantWorld("contract");
  admin = await createUser("operator", { role: "admin" });
});

const named = (operation: Operation) => [operation.id, operation] as const;
const responsesOf = ({ path, method }: Operation) =>
  z.record(z.string(), z.unknown()).parse(document.paths[path]?.[method.toLowerCase()]?.responses);

const ask = (operation: Operation, address: string, headers: Record<string, string>) =>
  call(address, {
    method: operation.method,
    headers: { ...(operation.body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    body: operation.body,
  });

/** The first success of some callers, and who had it; the last one's answer where nobody has. */
async function firstOf(
  operation: Operation,
  address: string,
  callers: readonly { headers: Record<string, string> }[],
) {
  for (const { headers } of callers) {
    const first = await ask(operation, address, headers);
    if (first.ok) return { first, headers };
  }
  throw new Error(`${operation.id} was refused to everybody`);
}

const fieldsSchema = z.object({ details: z.object({ fields: z.array(z.object({ path: z.string() })) }) });
const pathsIn = async (answer: Response) =>
  fieldsSchema.parse(await answer.json()).details.fields.map(({ path }) => path);

const withPath = operations.filter(({ pathParameters }) => pathParameters.length > 0);
it.each(withPath.map(named))("A path that no thing can have is 404: %s", async (_, operation) => {
  const impossible = operation.path.replaceAll(/\{[^}]+\}/g, "%20no!");
  const query = operation.address({}).split("?")[1];
  const answer = await ask(operation, query ? `${impossible}?${query}` : impossible, admin.headers);
  expect(answer.status).toBe(404);
});

it.each(operations.map(named))("A query parameter that is not known is refused: %s", async (_, operation) => {
  const address = operation.address(world.ids);
  const separator = address.includes("?") ? "&" : "?";
  const answer = await ask(operation, `${address}${separator}no_such_thing=1`, admin.headers);
  expect(answer.status).toBe(400);
});

const protectedOnes = operations.filter(({ isProtected }) => isProtected);
it.each(protectedOnes.map(named))(
  "A refusal without a token says how to sign in: %s",
  async (_, operation) => {
    const answer = await ask(operation, operation.address(world.ids), {});
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm=/);
  },
);

// The address of a socket may hold the ticket that says who it is: it is read first.
const notSockets = protectedOnes.filter(({ path }) => !path.endsWith("/ws"));
it.each(notSockets.map(named))(
  "Who may not do it hears that first, whatever the query: %s",
  async (_, operation) => {
    const address = operation.address(world.ids);
    const asked = `${address}${address.includes("?") ? "&" : "?"}no_such_thing=1`;
    expect((await ask(operation, asked, {})).status).toBe(401);
    if (operation.path.startsWith("/api/v1/admin/"))
      expect((await ask(operation, asked, world.owner.headers)).status).toBe(403);
  },
);

describe("A single thing has an ETag, and is not sent again to who has it", () => {
  const single = operations.filter(
    (operation) => operation.method === "GET" && "304" in responsesOf(operation),
  );
  it("of everything that there is", () => {
    expect(single.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        "getProfile",
        "getProject",
        "getSubscription",
        "getTemplate",
        "getInstance",
        "getMemory",
        "getRun",
        "getClient",
        "getWorkflow",
        "getAgent",
        "getAgentDefinition",
        "getUser",
      ]),
    );
  });

  it.each(single.filter(({ id }) => id !== "getUserImport").map(named))("%s", async (_, operation) => {
    const address = operation.address(world.ids);
    const { first, headers } = await firstOf(operation, address, [world.owner, admin, world.admin]);
    const etag = first.headers.get("etag") ?? "";
    expect(etag).not.toBe("");
    const again = await ask(operation, address, { ...headers, "if-none-match": `"other", ${etag}` });
    // What says when it was looked at is another each time.
    expect([200, 304]).toContain(again.status);
    if (!["getUsage", "getAgent", "findSimilarItems", "getUserAnalytics"].includes(operation.id)) {
      expect(again.status).toBe(304);
      expect(again.headers.get("etag")).toBe(etag);
    }
  });

  it("and another once it has changed", async () => {
    const { headers } = world.owner;
    const path = "/api/v1/user/profile";
    const before = (await call(path, { headers })).headers.get("etag") ?? "";
    await send("PUT", path, { first_name: "Ada" }, headers);
    const after = await call(path, { headers: { ...headers, "if-none-match": before } });
    expect(after.status).toBe(200);
    expect(after.headers.get("etag")).not.toBe(before);
  });
});

/** Pages of these go by the numbers of what they list, both ways. */
const byNumber = ["listMessages"];
const lists = operations.filter(
  ({ method, id }) => method === "GET" && /^list/.test(id) && !byNumber.includes(id),
);
/** Lists that may have more entries than the others. */
const mostEntries: Readonly<Record<string, number>> = { listSystemLogs: 1000 };

it.each(lists.map(named))("A list has a cursor, and a most of entries: %s", async (name, operation) => {
  const address = operation.address(world.ids);
  const asked = [admin, world.owner, world.admin];
  const { first, headers } = await firstOf(operation, `${address}?limit=1`, asked);
  expect(await first.json()).toHaveProperty("next_cursor");
  expect((await ask(operation, `${address}?limit=${(mostEntries[name] ?? 100) + 1}`, headers)).status).toBe(
    400,
  );
});

it("A number that would be changed is refused with its path", async () => {
  const body =
    '{"name":"\\"9007199254740993","config":{"list":[1,{"a b":-9007199254740993}],"far":1e400},"x":9007199254740991}';
  const answer = await call("/api/v1/personas/instances", {
    method: "POST",
    headers: { "content-type": "application/json", ...world.owner.headers },
    body,
  });
  expect(answer.status).toBe(400);
  expect(await pathsIn(answer)).toEqual(["config.list.1.a b", "config.far"]);
});

it("A refresh token that is none is 401", async () => {
  for (const refresh_token of ["", "x", "a.b.c", "x".repeat(10_000)]) {
    expect((await send("POST", "/api/v1/auth/refresh", { refresh_token })).status).toBe(401);
  }
});

it("What is unset in a profile and a subscription is left out", async () => {
  const { headers } = admin;
  const profile = z
    .record(z.string(), z.unknown())
    .parse(await (await call("/api/v1/user/profile", { headers })).json());
  expect(Object.keys(profile)).not.toContain("first_name");
  const subscription = await call("/api/v1/subscription", { headers: world.owner.headers });
  expect(Object.keys(z.record(z.string(), z.unknown()).parse(await subscription.json()))).not.toContain(
    "payment_method",
  );
});

it("The root and the older documents' address lead to the documents", async () => {
  for (const path of ["/", "/swagger", "/swagger/index.html"]) {
    const answer = await call(path, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/api/docs"]);
  }
});

it("The reference page asks nothing of other hosts and shows nothing of its maker's", async () => {
  const answer = await call("/api/docs");
  expect(answer.headers.get("content-security-policy")).toContain("connect-src 'self'");
  const page = await answer.text();
  expect(page.match(/https?:\/\/[^\s"'<]+/g) ?? []).toEqual([]);
  const settings = ['"withDefaultFonts": false', '"telemetry": false', '"hideClientButton": true'];
  for (const setting of [...settings, '"showDeveloperTools": "never"', '"agent"', '"mcp"']) {
    expect(page.replaceAll(/":\s*/g, '": ')).toContain(setting);
  }
});

it("The document's first group is how to sign in, with the demo account as its example", async () => {
  const { tags, paths } = z
    .object({
      tags: z.array(z.object({ name: z.string(), description: z.string() })),
      paths: z.record(z.string(), z.record(z.string(), z.unknown())),
    })
    .parse(await (await call("/openapi.json")).json());
  expect(tags[0]?.name).toBe("Authentication");
  expect(JSON.stringify(paths["/api/v1/auth/login"])).toContain('"password":"Demo-User-1"');
});
