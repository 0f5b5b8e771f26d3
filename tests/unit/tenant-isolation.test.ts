import { beforeAll, describe, expect, it } from "vitest";
import { permissions as grantable } from "#src/kernel/permissions.ts";
import { call } from "../support/api.ts";
import { allOperations, type Operation, valueAt } from "../support/operations.ts";
import { type TenantWorld, tenantWorld } from "../support/tenant-world.ts";
import { createUser, type TestUser } from "../support/users.ts";

/** Deletions last: one that wrongly goes through must not hide what else does. */
const operations = (await allOperations()).toSorted(
  (a, b) => Number(a.method === "DELETE") - Number(b.method === "DELETE"),
);
const named = operations.filter(({ pathParameters }) => pathParameters.length > 0);

/** What a tenant has for everybody in it: its catalogue. */
const ofEverybody = ["getItem", "findSimilarItems"];

let home: TenantWorld;
let stranger: TestUser;
let strangeAdmin: TestUser;
let strangeModerator: TestUser;
/** Whoever holds everything that can be granted, in their own tenant. */
let strangeHolders: TestUser[];
let neighbour: TestUser;
let homeAdmin: TestUser;
let operator: TestUser;

beforeAll(async () => {
  home = await tenantWorld("isolation_home");
  stranger = await createUser("isolation_away");
  strangeModerator = await createUser("isolation_away", { role: "moderator" });
  strangeAdmin = await createUser("isolation_away", { role: "admin" });
  const permissions = Object.keys(grantable);
  strangeHolders = [
    await createUser("isolation_away", { permissions: ["*"] }),
    await createUser("isolation_away", { permissions: permissions.filter((name) => name !== "*") }),
    await createUser("isolation_away", { role: "moderator", permissions }),
    // The operator's tenant is another one as well for what is not administrative.
    await createUser("operator", { permissions: permissions.filter((name) => !/^admin|\*/.test(name)) }),
  ];
  neighbour = await createUser("isolation_home");
  homeAdmin = await createUser("isolation_home", { role: "admin" });
  operator = await createUser("operator", { role: "admin" });
});

const request = (operation: Operation, headers: Record<string, string>) =>
  call(operation.address(home.ids), {
    method: operation.method,
    headers: { ...headers, ...(operation.body === undefined ? {} : { "content-type": "application/json" }) },
    body: operation.body,
  });

/** Refused for who asks; a 400 would mean that the made-up request never got that far. */
async function expectRefused(operation: Operation, headers: Record<string, string>): Promise<void> {
  const answer = await request(operation, headers);
  const text = await answer.text();
  if (answer.status === 400) {
    throw new Error(
      `${operation.id} refused the made-up request ${operation.body ?? ""} before it looked at who asked: ` +
        `give its schema an example that it accepts. ${text}`,
    );
  }
  expect([403, 404], `${operation.method} ${operation.path}: ${answer.status} ${text}`).toContain(
    answer.status,
  );
}

const spoofed = (world: TenantWorld) => ({
  "x-user-id": world.owner.userId,
  "x-client-id": world.clientId,
  "x-tenant-id": world.clientId,
  "x-user-role": "admin",
  "x-user-tier": "enterprise",
  "x-user-email": "owner@test.example",
  "x-user-permissions": "*",
  "x-forwarded-user": world.owner.userId,
  "x-original-url": "/api/v1/admin/clients",
  "x-http-method-override": "GET",
});

describe("Every operation on something with an id", () => {
  it("there are some", () => {
    expect(named.length).toBeGreaterThan(25);
  });

  it("has something real to be tried on", () => {
    const unknown = [...new Set(named.flatMap(({ pathParameters }) => pathParameters))].filter(
      (place) => valueAt(place, home.ids) === undefined,
    );
    expect(
      unknown,
      "These path parameters have no resource: make one in tests/support/tenant-world.ts and add its id there",
    ).toEqual([]);
  });

  it.each(
    named.filter(({ method }) => method === "GET").map((operation) => [operation.id, operation] as const),
  )("%s finds it for who may see it, so that a refusal means something", async (_, operation) => {
    const answers = await Promise.all(
      [home.owner.headers, homeAdmin.headers, operator.headers].map((headers) => request(operation, headers)),
    );
    expect(
      // A socket is found, and wants an upgrade.
      answers.some(({ ok, status }) => ok || status === 426),
      `statuses ${answers.map(({ status }) => status)}`,
    ).toBe(true);
    await Promise.all(answers.map(({ body }) => body?.cancel()));
  });

  it.each(named.map((operation) => [operation.id, operation] as const))(
    "%s is refused to another tenant's users, whatever they say they are",
    async (_, operation) => {
      await expectRefused(operation, stranger.headers);
      await expectRefused(operation, { ...stranger.headers, ...spoofed(home) });
      await expectRefused(operation, strangeModerator.headers);
      await expectRefused(operation, strangeAdmin.headers);
      for (const { headers } of strangeHolders) await expectRefused(operation, headers);
      await expectRefused(operation, { ...strangeAdmin.headers, ...spoofed(home) });
    },
  );

  it.each(
    named
      .filter(({ id }) => !ofEverybody.includes(id))
      .map((operation) => [operation.id, operation] as const),
  )("%s is refused to other users of the same tenant, whatever they say they are", async (_, operation) => {
    await expectRefused(operation, neighbour.headers);
    await expectRefused(operation, { ...neighbour.headers, ...spoofed(home) });
  });
});

describe("Every protected operation", () => {
  it.each(
    operations
      .filter(({ isProtected }) => isProtected)
      .map((operation) => [operation.id, operation] as const),
  )("%s needs a token; identity headers are none", async (_, operation) => {
    const answers = await Promise.all([request(operation, {}), request(operation, spoofed(home))]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });
});

describe("Lists", () => {
  it("show one's own whatever identity headers say", async () => {
    const list = async (headers: Record<string, string>) =>
      (await call("/api/v1/personas/instances", { headers })).json<{ count: number }>();
    expect((await list(home.owner.headers)).count).toBe(1);
    expect(await list({ ...stranger.headers, ...spoofed(home) })).toEqual(await list(stranger.headers));
    expect((await list({ ...neighbour.headers, ...spoofed(home) })).count).toBe(0);
  });
});
