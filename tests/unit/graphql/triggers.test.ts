import { describe, expect, it } from "vitest";
import { globalId } from "#src/graphql/global-id.ts";
import { send } from "../../support/api.ts";
import { codesOf, query } from "../../support/graphql.ts";
import { asGraphql, everythingOf } from "../../support/graphql-parity.ts";
import { bodyOf, get, makeInstance } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";

const all = everythingOf("Trigger");
const body = { event: "execution.failed", when: null, input: { topic: "Say why" }, max_per_hour: 3 };
const input = { event: "execution.failed", when: null, input: { topic: "Say why" }, maxPerHour: 3 };

async function owner(clientId: string) {
  const user = await createUser(clientId);
  const { id } = await makeInstance(user);
  const path = `/api/v1/personas/instances/${id}/triggers`;
  return { user, id, path };
}

/** What is made anew each time is left out. */
const lasting = (trigger: unknown) => {
  const { id: _, createdAt: __, updatedAt: ___, ...rest } = Object(trigger);
  return rest;
};

describe("A persona's triggers", () => {
  it("are made, changed and taken away as by REST", async () => {
    const { user, id, path } = await owner("graphql_triggers");
    const create = `mutation ($id: ID!, $input: CreateTriggerInput!) { createTrigger(instanceId: $id, input: $input) ${all} }`;
    const made = await query(user, create, { id: globalId("PersonaInstance", id), input });
    const byRest = await bodyOf<{ id: string }>(await send("POST", path, body, user.headers), 201);
    expect(lasting(made.data?.createTrigger)).toEqual(lasting(asGraphql("Trigger", byRest)));
    const change = `mutation ($id: ID!, $of: ID!) { updateTrigger(instanceId: $of, id: $id, input: { enabled: false }) ${all} }`;
    const changed = await query(user, change, { of: id, id: byRest.id });
    const kept = await bodyOf(await get(`${path}/${byRest.id}`, user), 200);
    expect(changed.data).toEqual({ updateTrigger: asGraphql("Trigger", kept) });
    const remove = "mutation ($id: ID!, $of: ID!) { deleteTrigger(instanceId: $of, id: $id) }";
    expect((await query(user, remove, { of: id, id: byRest.id })).data).toEqual({ deleteTrigger: byRest.id });
    expect((await get(`${path}/${byRest.id}`, user)).status).toBe(404);
  });

  it("are told with it, page by page", async () => {
    const { user, id, path } = await owner("graphql_trigger_pages");
    for (let count = 0; count < 3; count++) await send("POST", path, body, user.headers);
    const page = `query ($id: ID!, $after: String) { persona(id: $id) { triggers(first: 2, after: $after) { nodes ${all} pageInfo { hasNextPage endCursor } } } }`;
    const first = Object(Object((await query(user, page, { id })).data).persona).triggers;
    const after = first.pageInfo.endCursor;
    const second = Object(Object((await query(user, page, { id, after })).data).persona).triggers;
    const { triggers } = await bodyOf<{ triggers: unknown[] }>(await get(path, user), 200);
    expect([...first.nodes, ...second.nodes]).toEqual(triggers.map((one) => asGraphql("Trigger", one)));
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  it("are refused as by REST: what there is not, what is another's, what says nonsense", async () => {
    const { user, id } = await owner("graphql_trigger_refusals");
    const stranger = await createUser("graphql_trigger_refusals");
    const create =
      "mutation ($id: ID!, $input: CreateTriggerInput!) { createTrigger(instanceId: $id, input: $input) { id } }";
    expect(codesOf(await query(stranger, create, { id, input }))).toEqual(["NOT_FOUND"]);
    expect(codesOf(await query(user, create, { id, input: { event: "nothing.of.it" } }))).toEqual([
      "VALIDATION_ERROR",
    ]);
    const remove = "mutation ($id: ID!, $of: ID!) { deleteTrigger(instanceId: $of, id: $id) }";
    for (const trigger of [crypto.randomUUID(), "nonsense"])
      expect(codesOf(await query(user, remove, { of: id, id: trigger }))).toEqual(["NOT_FOUND"]);
  });
});

describe("A persona's tools", () => {
  const tools = [
    { tool: "orders.cancel", verdict: "ASK" },
    { tool: "workflow:*", verdict: "DENY" },
  ];
  const set = `mutation ($id: ID!, $tools: [PersonaToolInput!]!) { setPersonaTools(id: $id, tools: $tools) { tools { tool verdict } } }`;

  it("are said as its configuration has them, and take the place of what was said before", async () => {
    const { user, id } = await owner("graphql_tools");
    expect((await query(user, set, { id, tools })).data).toEqual({ setPersonaTools: { tools } });
    const kept = await bodyOf<{ config: object }>(await get(`/api/v1/personas/instances/${id}`, user), 200);
    expect(kept.config).toMatchObject({
      tool_policy: [
        { tool: "orders.cancel", verdict: "ask" },
        { tool: "workflow:*", verdict: "deny" },
      ],
    });
    await query(user, set, { id, tools: [] });
    expect((await query(user, `{ persona(id: "${id}") { tools { tool } } }`)).data).toEqual({
      persona: { tools: [] },
    });
  });

  it("are for its owner to say", async () => {
    const { id } = await owner("graphql_tools");
    expect(codesOf(await query(await createUser("graphql_tools"), set, { id, tools }))).toEqual([
      "NOT_FOUND",
    ]);
  });
});
