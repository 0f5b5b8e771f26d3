import { env } from "cloudflare:workers";
import { getNamedType, isLeafType } from "graphql";
import { describe, expect, it } from "vitest";
import { defaultConfiguration } from "#src/configuration/configuration.ts";
import { globalId } from "#src/graphql/global-id.ts";
import { answerGraphql, schema } from "#src/graphql/index.ts";
import type { Actor } from "#src/kernel/actor.ts";
import { key, visitor } from "../../support/actors.ts";
import { send } from "../../support/api.ts";
import { codesOf, query } from "../../support/graphql.ts";
import { limitAndLeft, limitedGateway } from "../../support/limited-gateway.ts";
import { makeInstance, startRun } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { makeOrder, shopOf } from "../../support/shop.ts";
import { createUser } from "../../support/users.ts";

/** What GraphQL answers to somebody, by a platform of one's own. */
async function answered(actor: Actor, document: string, platform = testPlatform()) {
  const { answer } = await answerGraphql(platform, actor, {
    method: "POST",
    url: "http://platform.test/graphql",
    headers: new Headers({ "content-type": "application/json" }),
    body: JSON.stringify({ query: document }),
    call: {},
    documents: env.CACHE,
  });
  return JSON.parse(answer[0] ?? "null");
}

describe("Calls", () => {
  const gateway = limitedGateway();
  const post = (headers: HeadersInit, document: string) =>
    gateway("/graphql", {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ query: document }),
    });

  it("count by what they cost: one for each 30, and at least one, also when they are refused", async () => {
    const { headers } = await createUser("graphql_counted", { tier: "free" });
    const left = async (document: string) => limitAndLeft(await post(headers, document));
    expect(await left("{ me { id } }")).toEqual(["60", "59"]);
    expect(await left("{ projects { nodes { id name } } }")).toEqual(["60", "56"]);
    expect(await left("{ nobody }")).toEqual(["60", "55"]);
    expect(
      await left(
        "{ a: projects { nodes { id } } b: projects { nodes { id } } c: personas { nodes { id } } }",
      ),
    ).toEqual(["60", "50"]);
  });

  it("beyond a limit are refused as REST refuses them, and nothing of them is done", async () => {
    const { headers } = await createUser("graphql_counted", { tier: "free" });
    const dear = "{ projects(first: 49) { nodes { id name clientId ownerId description } } }";
    const answers = [];
    for (let time = 0; time < 7; time++) answers.push(await post(headers, dear));
    const refused = answers.at(-1);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 429]);
    expect(await refused?.json()).toMatchObject({ error: "RATE_LIMITED", details: { limit: 60 } });
    expect(refused?.headers.get("retry-after")).toBeTruthy();
  });
});

describe("During maintenance", () => {
  const maintenance = { enabled: true, message: "Back at noon", retry_after_seconds: 120 };
  const platform = testPlatform({ config: () => ({ ...defaultConfiguration, maintenance }) });

  it("what reads goes on, and what changes something is refused as by REST", async () => {
    const { actor } = await createUser("graphql_maintained");
    const change = 'mutation { createProject(input: { name: "Mine" }) { id } }';
    expect(await answered(actor, "{ projects { nodes { id } } }", platform)).toMatchObject({
      data: { projects: { nodes: [] } },
    });
    expect(await answered(actor, change, platform)).toMatchObject({
      data: { createProject: null },
      errors: [
        {
          message: "Back at noon",
          extensions: { code: "MAINTENANCE", status: 503, details: { retry_after_seconds: 120 } },
        },
      ],
    });
  });
});

describe("A policy", () => {
  it("that is for who has signed in refuses a key, and nothing else that is asked for with it", async () => {
    const answer = await answered(key, "{ me { id } projects { nodes { id } } }");
    expect(answer.data).toEqual({ me: null, projects: { nodes: [] } });
    expect(codesOf(answer)).toEqual(["INSUFFICIENT_PERMISSIONS"]);
  });

  it("lets nobody ask about the schema who has not signed in", async () => {
    await expect(
      answered(
        visitor,
        "{ __schema { types { name } } }",
        testPlatform({ settings: { ...testPlatform().settings, ENVIRONMENT: "production" } }),
      ),
    ).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });

  it("lets anybody ask about it in development", async () => {
    const settings = { ...testPlatform().settings, ENVIRONMENT: "development" as const };
    expect(await answered(visitor, '{ __type(name: "Run") { name } }', testPlatform({ settings }))).toEqual({
      data: { __type: { name: "Run" } },
      extensions: { cost: 0 },
    });
  });
});

describe("What is another tenant's is nothing's, for every field that takes an id:", async () => {
  const owner = await createUser("graphql_owner");
  const { id: instance } = await makeInstance(owner);
  const made = await send("POST", "/api/v1/projects", { name: "Mine" }, owner.headers);
  const { id: project } = await made.json<{ id: string }>();
  const path = `/api/v1/personas/instances/${instance}/triggers`;
  const begun = await send("POST", path, { event: "execution.failed" }, owner.headers);
  const { id: trigger } = await begun.json<{ id: string }>();
  const run = await startRun(owner, instance);
  const shop = await shopOf("graphql_owner");
  const { id: order } = await makeOrder(shop);
  const { locationId: location } = shop;
  const [product, customer] = [shop.product.id, shop.customer.id];
  const ofCommerce: Readonly<Record<string, string>> = {
    order,
    product,
    customer,
    location,
    updateOrder: order,
    confirmOrder: order,
    fulfilOrder: order,
    completeOrder: order,
    cancelOrder: order,
    returnOrder: order,
    recordPayment: order,
    updateProduct: product,
    archiveProduct: product,
    adjustStock: product,
    updateLocation: location,
    deleteLocation: location,
    updateCustomer: customer,
    deleteCustomer: customer,
  };
  const ids: Readonly<Record<string, string>> = {
    ...ofCommerce,
    node: globalId("Project", project),
    project,
    persona: instance,
    run,
    updateProject: project,
    deleteProject: project,
    updatePersona: instance,
    deletePersona: instance,
    executePersona: instance,
    stopPersona: instance,
    setPersonaTools: instance,
    updateTrigger: trigger,
    deleteTrigger: trigger,
    resumeRun: run,
  };
  const rest: Readonly<Record<string, string>> = {
    updateProject: ', input: { name: "Theirs" }',
    updatePersona: ', input: { name: "Theirs" }',
    executePersona: ', input: { input: { topic: "tea" } }',
    setPersonaTools: ", tools: []",
    updateTrigger: `, instanceId: "${instance}", input: { enabled: false }`,
    deleteTrigger: `, instanceId: "${instance}"`,
    resumeRun: ", input: { approved: true }",
    recordPayment: ', input: { amount: 1, method: "card" }, idempotencyKey: "theirs"',
  };
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
    Object.values(root?.getFields() ?? {})
      .filter(({ args }) => args.some(({ name }) => name === "id"))
      .map((field) => ({
        name: field.name,
        root: root?.name.toLowerCase() ?? "",
        isLeaf: isLeafType(getNamedType(field.type)),
      })),
  );

  it.each(fields)("$name", async ({ name, root, isLeaf }) => {
    const id = ids[name];
    expect(id, `an id for ${name}`).toBeDefined();
    const plain = await createUser("graphql_stranger");
    const strangers = [plain, await createUser("graphql_stranger", { role: "admin", permissions: ["*"] })];
    for (const stranger of strangers) {
      // Who has no right to such things at all hears that first.
      const isRefused = stranger === plain && name in ofCommerce;
      const answer = await query(
        stranger,
        `${root} { it: ${name}(id: "${id}"${rest[name] ?? ""}) ${isLeaf ? "" : "{ __typename }"} }`,
      );
      expect([answer.data, codesOf(answer)]).toEqual([
        { it: null },
        [isRefused ? "INSUFFICIENT_PERMISSIONS" : "NOT_FOUND"],
      ]);
    }
  });
});
