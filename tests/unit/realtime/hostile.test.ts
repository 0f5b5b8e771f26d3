import { afterEach, describe, expect, it, vi } from "vitest";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import { SocketCalls } from "#workers/gateway/socket-calls.ts";
import { guest, guests } from "../../support/guests.ts";
import { tenantObject } from "../../support/objects.ts";
import type { Frame } from "../../support/sockets.ts";
import { createUserWithSession } from "../../support/users.ts";
import { answer, personaWith, someoneStarting, starter } from "../../support/workflow-guests.ts";

afterEach(() => vi.restoreAllMocks());

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

const persona = crypto.randomUUID();

/** Frames that no client of ours sends. */
const nonsense: [string, string | ArrayBuffer][] = [
  ["nothing", ""],
  ["a number", "7"],
  ["null", "null"],
  ["a list", "[]"],
  ["a list of frames", '[{"type":"command","event":"ping"}]'],
  ["half a frame", '{"type":"command","event":"pi'],
  ["bytes", new Uint8Array([0, 255, 254]).buffer],
  ["an object without a type", "{}"],
  ["a type that is an object", '{"type":{"type":"command"},"event":"ping"}'],
  ["an event that every object has", '{"type":"command","event":"constructor","data":{}}'],
  ["an event that is a prototype", '{"type":"command","event":"__proto__","data":{}}'],
  ["a prototype of its own", '{"__proto__":{"type":"command","event":"ping"}}'],
  [
    "a command's type for a workflow's event",
    '{"type":"command","event":"start_workflow","id":"w","data":{}}',
  ],
  ["a room that is a list", '{"type":"join_room","data":["tea"]}'],
  ["a room that is an object", '{"type":"join_room","room":{"room":"tea"}}'],
  ["an id that is an object", '{"type":"command","event":"ping","id":{"a":1}}'],
  ["an id that is too long", `{"type":"command","event":"ping","id":"${"x".repeat(129)}"}`],
  ["a pattern that is an expression", '{"type":"command","event":"subscribe","data":{"events":["(a+)+$"]}}'],
  ["a number that is none", '{"type":"command","event":"history","data":{"since":1e999}}'],
  ["nesting without end", nested(30_000)],
  ["nesting without end in data", `{"type":"command","event":"subscribe","data":${nested(30_000)}}`],
  ["half a character, nested", `{"type":"command","event":"subscribe","data":[${nested(20_000)},"\\ud800"]}`],
  [
    "nesting in a room's message",
    `{"type":"command","event":"room_message","data":{"room":"tea","data":${nested(4000)}}}`,
  ],
  ["nesting for the tenant", `{"type":"command","event":"tenant_message","data":${nested(4000)}}`],
  [
    "nesting in a workflow",
    `{"type":"start_workflow","id":"w","data":{"agent_instance_id":"${persona}","parameters":{"a":${nested(30_000)}}}}`,
  ],
  [
    "half a character in a workflow",
    `{"type":"start_workflow","id":"w","data":{"agent_instance_id":"${persona}","parameters":{"a":"\\ud800"}}}`,
  ],
  ["a workflow that is a list", '{"type":"start_workflow","id":"w","data":[]}'],
  [
    "a workflow of somebody else's",
    `{"type":"start_workflow","id":"w","data":{"agent_instance_id":"${persona}","user_id":"u"}}`,
  ],
  [
    "very many fields",
    `{"type":"start_workflow","id":"w","data":{${Array.from({ length: 6000 }, (_, index) => `"f${index}":1`).join(",")}}}`,
  ],
];

describe("A frame that makes no sense", () => {
  it.each(nonsense)("is refused, and the socket goes on: %s", async (_, frame) => {
    const moderator = await guest(await createUserWithSession("hostile_frames", { role: "moderator" }));
    await moderator.ask("join_room", { room: "tea" });
    const before = moderator.frames.length;
    moderator.socket.send(frame);
    await moderator.ask("ping", {});
    const answers = moderator.frames.slice(before).filter(({ event }) => event !== "pong");
    expect(answers).toHaveLength(1);
    expect(answers[0]?.type === "error" || Object(answers[0]).error?.code === "VALIDATION_ERROR").toBe(true);
    expect(JSON.stringify(answers).length).toBeLessThan(16 * 1024);
  });
});

it("A frame that is far too long ends its socket without a copy of it: all of the tenant share the memory", async () => {
  const ada = await guest(await createUserWithSession("hostile_long"));
  const encode = vi.spyOn(TextEncoder.prototype, "encode");
  ada.socket.send("x".repeat(900_000));
  expect((await ada.closed).code).toBe(1009);
  expect(encode.mock.calls.every(([text = ""]) => text.length < 100_000)).toBe(true);
});

describe("A flood", () => {
  it.each(["start_workflow", "join_room"])(
    "of %s ends the socket, after as many as were weighed, and nobody else's",
    async (kind) => {
      const clientId = `hostile_flood_${kind}`;
      const user = await createUserWithSession(clientId);
      const flooding = await starter(user);
      const other = await starter(user);
      for (let count = 0; count < 150; count++)
        if (kind === "start_workflow") flooding.start(`w${count}`, persona);
        else
          flooding.send({ type: "command", event: kind, data: { room: `project:${crypto.randomUUID()}` } });
      expect((await flooding.closed).code).toBe(1008);
      expect((await other.ask("ping", {})).event).toBe("pong");
      expect(flooding.frames.filter(isRefusal).length).toBeLessThanOrEqual(101);
    },
  );

  it("of one workflow's start is one run", async () => {
    const { persona: mine, start, closed, told } = await someoneStarting("hostile_same");
    for (let count = 0; count < 150; count++) start("w1", mine);
    expect((await closed).code).toBe(1008);
    expect(new Set(told("w1").flatMap(({ data }) => data.run ?? [])).size).toBeLessThanOrEqual(1);
    expect((await tenantObject("hostile_same").describe()).activeRuns).toBe(1);
  });

  it("of starts leaves no more workflows followed than a connection has room for", async () => {
    const user = await createUserWithSession("hostile_many");
    const mine = await personaWith(user);
    const { start, frames, ask, told } = await starter(user);
    for (let count = 0; count < 60; count++) start(`w${count}`, mine);
    await ask("ping", {});
    await expect
      .poll(() => Array.from({ length: 60 }, (_, index) => told(`w${index}`).length).every((n) => n > 0))
      .toBe(true);
    expect(frames.filter((frame) => Object(frame).error?.code === "RATE_LIMITED")).toHaveLength(10);
    expect((await tenantObject("hostile_many").describe()).activeRuns).toBe(50);
  });
});

const isRefusal = (frame: Frame) => frame.type === "error" || Object(frame).error !== undefined;

it("A socket that is gone before its workflow has begun does no harm: who says it again is told how it stands", async () => {
  const { user, persona: mine, start, socket } = await someoneStarting("hostile_gone");
  const perform = SocketCalls.prototype.perform;
  const forget = vi.spyOn(TenantHub.prototype, "webSocketClose");
  const asked = vi.spyOn(SocketCalls.prototype, "perform").mockImplementationOnce(async function (
    this: SocketCalls,
    call,
  ) {
    await expect.poll(() => forget.mock.calls.length).toBe(1);
    return perform.call(this, call);
  });
  start("w1", mine);
  await expect.poll(() => asked.mock.calls.length).toBe(1);
  socket.close(1000);
  await expect.poll(async () => (await tenantObject("hostile_gone").describe()).activeRuns).toBe(1);
  const again = await starter(user);
  again.start("w1", mine);
  const { data } = await again.atStep("w1", "first");
  await answer(user, data.run, false);
  expect((await again.ended("w1")).data).toMatchObject({ status: "completed", result: { text: "mended" } });
});

it("Rooms whose names look like those of things, but are none, are the tenant's own", async () => {
  const [ada] = await guests("hostile_names", 1);
  for (const room of ["constructor:1", "__proto__:1", "project", "projects:1", ":", "hasownproperty:x"])
    expect((await ada?.ask("join_room", { room }))?.type).toBe("response");
  for (const room of ["project:__proto__", "run:", "conversation:constructor"])
    expect(await ada?.ask("join_room", { room })).toMatchObject({ error: "No such room" });
});
