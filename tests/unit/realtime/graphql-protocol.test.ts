import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  graphqlAttachment,
  graphqlConnectionIn,
  maxGraphqlOperations,
  viewKeyOf,
} from "#src/realtime/graphql-connection.ts";
import { graphqlEnds, graphqlStep } from "#src/realtime/graphql-protocol.ts";
import { wantsEvent } from "#src/realtime/graphql-wants.ts";

const payload = { query: "{ me { id } }" };
const states = {
  opened: { hasBegun: false, isAcknowledged: false, has: () => false },
  beginning: { hasBegun: true, isAcknowledged: false, has: () => false },
  acknowledged: { hasBegun: true, isAcknowledged: true, has: (id: string) => id === "taken" },
};
const said = (message: unknown) => (typeof message === "string" ? message : JSON.stringify(message));

describe("What a GraphQL client says", () => {
  it.each<[state: keyof typeof states, message: unknown, step: object]>([
    ["opened", { type: "connection_init" }, { act: "acknowledge" }],
    ["opened", { type: "connection_init", payload: { from: "me" } }, { act: "acknowledge" }],
    ["opened", { type: "connection_init", payload: null }, { act: "acknowledge" }],
    ["beginning", { type: "connection_init" }, { act: "close", end: "secondInit" }],
    ["acknowledged", { type: "connection_init" }, { act: "close", end: "secondInit" }],
    ["opened", { type: "subscribe", id: "a", payload }, { act: "close", end: "unauthorized" }],
    ["beginning", { type: "subscribe", id: "a", payload }, { act: "close", end: "unauthorized" }],
    ["acknowledged", { type: "subscribe", id: "a", payload }, { act: "begin", id: "a", asked: payload }],
    ["acknowledged", { type: "subscribe", id: "taken", payload }, { act: "close", end: "idInUse" }],
    ["acknowledged", { type: "complete", id: "a" }, { act: "end", id: "a" }],
    ["opened", { type: "ping" }, { act: "pong" }],
    ["acknowledged", { type: "ping", payload: { at: 1 } }, { act: "pong", payload: { at: 1 } }],
    ["acknowledged", { type: "pong" }, { act: "taken", question: undefined }],
    ["acknowledged", { type: "pong", payload: { id: "q" } }, { act: "taken", question: "q" }],
  ])("%s: %j leads to %j", (state, message, step) => {
    expect(graphqlStep(states[state], said(message))).toMatchObject(step);
  });

  it.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["no object", "[]"],
    ["null", "null"],
    ["no type", {}],
    ["a type that there is not", { type: "start", id: "a", payload }],
    ["what only the server says", { type: "next", id: "a", payload: {} }],
    ["an acknowledgement", { type: "connection_ack" }],
    ["an init with a list", { type: "connection_init", payload: [] }],
    ["a ping with a text", { type: "ping", payload: "now" }],
    ["subscribe without an id", { type: "subscribe", payload }],
    ["subscribe with an empty id", { type: "subscribe", id: "", payload }],
    ["subscribe with a number for an id", { type: "subscribe", id: 1, payload }],
    ["subscribe without a payload", { type: "subscribe", id: "a" }],
    ["subscribe without a query", { type: "subscribe", id: "a", payload: {} }],
    ["variables that are a list", { type: "subscribe", id: "a", payload: { ...payload, variables: [] } }],
    ["a name that is none", { type: "subscribe", id: "a", payload: { ...payload, operationName: 1 } }],
    ["extensions that are a text", { type: "subscribe", id: "a", payload: { ...payload, extensions: "a" } }],
    ["complete without an id", { type: "complete" }],
    ["complete with an empty id", { type: "complete", id: "" }],
  ])("is malformed with %s", (_, message) => {
    for (const state of Object.values(states))
      expect(graphqlStep(state, said(message))).toEqual({ act: "close", end: "malformed" });
    expect(graphqlEnds.malformed.code).toBe(4400);
  });

  it("in bytes is malformed", () => {
    const bytes = new ArrayBuffer(8);
    expect(graphqlStep(states.opened, bytes)).toEqual({ act: "close", end: "malformed" });
  });

  it.each([
    ["half a character", String.raw`{"v":"\ud800"}`],
    ["a number beyond 2^53", '{"v":9007199254740993}'],
  ])("and would not stay what it is, with %s, is refused by itself", (_, variables) => {
    const text = `{"type":"subscribe","id":"a","payload":{"query":"{ me { id } }","variables":${variables}}}`;
    expect(graphqlStep(states.acknowledged, text)).toMatchObject({ act: "refuse", id: "a" });
  });

  it("whatever it is, leads to one step, and to none that begins anything unless it is acknowledged", () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          type: fc.constantFrom("connection_init", "ping", "pong", "subscribe", "complete", "next", "error"),
          id: fc.option(fc.oneof(fc.string(), fc.integer()), { nil: undefined }),
          payload: fc.option(fc.oneof(fc.jsonValue(), fc.constant(payload)), { nil: undefined }),
        })
        .map((message) => JSON.stringify(message)),
    );
    fc.assert(
      fc.property(anything, fc.constantFrom(...Object.values(states)), (message, state) => {
        const { act } = graphqlStep(state, message);
        if (act === "begin" || act === "refuse") expect(state.isAcknowledged).toBe(true);
        if (act === "acknowledge") expect(state.hasBegun).toBe(false);
      }),
    );
  });
});

const caller = {
  clientId: "t",
  userId: "u",
  role: "user" as const,
  tier: "free" as const,
  permissions: ["commerce.read"],
  sessionId: "s",
  expiresAt: 1,
};
const followed = {
  digest: "d",
  wants: { events: ["order.**"], entityId: "o", where: { status: "pending" } },
  isShared: true,
  seq: 3,
  epoch: "e",
  isBehind: false,
};

describe("What a hibernating socket keeps", () => {
  it("is what it was, or it is refused as too large", () => {
    const variables = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 });
    const operations = fc.array(fc.record({ id: fc.string({ minLength: 1 }), variables }), {
      maxLength: maxGraphqlOperations,
    });
    fc.assert(
      fc.property(operations, (all) => {
        const connection = {
          caller,
          openedAt: 1,
          heardAt: 2,
          operations: all.map(({ id, variables: given }) => ({
            id,
            followed: { ...followed, variables: JSON.parse(JSON.stringify(given)) },
          })),
        };
        const attachment = graphqlAttachment(connection);
        expect(attachment === undefined).toBe(
          new TextEncoder().encode(JSON.stringify(connection)).byteLength > 16_320,
        );
        if (attachment) expect(graphqlConnectionIn(attachment)).toMatchObject(connection);
      }),
    );
  });
});

describe("Those who are told the same", () => {
  const key = (of: Partial<typeof caller>, what: Partial<typeof followed> & { variables?: object } = {}) =>
    viewKeyOf({ ...caller, ...of }, { ...followed, ...what, variables: { ...what.variables } });

  it("have the same document, variables and rights, and are one user where it depends on that", () => {
    expect(key({ userId: "other", sessionId: "other" })).toBe(key({}));
    expect(key({ userId: "other" }, { isShared: false })).not.toBe(key({}, { isShared: false }));
    const others = [
      key({}),
      key({ role: undefined, permissions: [] }),
      key({ permissions: ["commerce.read", "customers.contact"] }),
      key({}, { digest: "other" }),
      key({}, { variables: { a: 1 } }),
      key({}, { isShared: false }),
    ];
    expect(new Set(others).size).toBe(others.length);
  });
});

it("A subscription wants what fits its pattern, is about its thing and says what it asks", () => {
  const event = { event: "order.created", entity_id: "o", data: { status: "pending" } };
  expect(wantsEvent(followed.wants, event)).toBe(true);
  expect(wantsEvent(followed.wants, { ...event, event: "product.created" })).toBe(false);
  expect(wantsEvent(followed.wants, { ...event, entity_id: "other" })).toBe(false);
  expect(wantsEvent(followed.wants, { ...event, data: { status: "completed" } })).toBe(false);
  expect(wantsEvent({ events: ["**"] }, { event: "user.created", entity_id: "x", data: {} })).toBe(true);
});
