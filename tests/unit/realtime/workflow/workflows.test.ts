import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import { SocketCalls } from "#workers/gateway/socket-calls.ts";
import { send } from "../../../support/api.ts";
import { spread, userAtEach } from "../../../support/hub-shards.ts";
import { tenantHub, tenantObject } from "../../../support/objects.ts";
import { bodyOf, execute, get } from "../../../support/personas.ts";
import { createUserWithSession, type TestUser } from "../../../support/users.ts";
import { answer, personaWith, someoneStarting, starter } from "../../../support/workflow-guests.ts";

afterEach(() => vi.restoreAllMocks());

const viewOf = async (user: TestUser, run: unknown) =>
  bodyOf<Record<string, unknown>>(await get(`/api/v1/personas/runs/${run}`, user), 200);

describe("A workflow that a socket starts", () => {
  it("is the run that REST would have started, and is told of step by step, to its result", async () => {
    const { user, persona, start, told, atStep, ended } = await someoneStarting("flow_told");
    start("w1", persona);
    const { data } = await atStep("w1", "first");
    expect(data).toMatchObject({ status: "in_progress", progress: 0, result: null });
    await answer(user, data.run);
    await atStep("w1", "second");
    await answer(user, data.run);
    expect(await ended("w1")).toMatchObject({
      data: { status: "completed", progress: 1, result: { text: "tea", kind: "words" }, run: data.run },
    });
    const shares = told("w1").map((frame) => frame.data.progress);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
    expect(shares).toContain(1 / 3);
    expect(await viewOf(user, data.run)).toMatchObject({
      status: "completed",
      input: { topic: "tea", action: "words" },
      started_by: { kind: "user", id: user.actor.userId },
    });
  });

  it("says why it has failed", async () => {
    const failing = { start_step: "ask", steps: { ask: { action: "pause_for_human_input" } } };
    const { user, persona, start, atStep, ended } = await someoneStarting("flow_failed", failing);
    start("w1", persona);
    await answer(user, (await atStep("w1", "ask")).data.run, false);
    const { data, error } = await ended("w1");
    expect([data.status, data.result, Object(error).code]).toEqual(["failed", null, "WORKFLOW_REJECTED"]);
  });

  it("has failed when it is cancelled", async () => {
    const { user, persona, start, atStep, ended } = await someoneStarting("flow_cancelled");
    start("w1", persona);
    await atStep("w1", "first");
    await bodyOf(await send("POST", `/api/v1/personas/instances/${persona}/stop`, {}, user.headers), 200);
    expect(await ended("w1")).toMatchObject({ data: { status: "failed" }, error: { code: "CANCELLED" } });
  });

  it("that is over at once is told of once, with its result", async () => {
    const echo = {
      start_step: "done",
      steps: { done: { action: "complete_workflow", input: { text: "{{input.topic}}" } } },
    };
    const { persona, start, told, ended, ask } = await someoneStarting("flow_at_once", echo);
    start("w1", persona);
    expect((await ended("w1")).data).toMatchObject({ progress: 1, result: { text: "tea" } });
    await ask("ping", {});
    expect(told("w1")).toHaveLength(1);
  });

  it("is told to the socket that has started it, and to no other of the same user", async () => {
    const { user, persona, start, atStep } = await someoneStarting("flow_own_socket");
    const other = await starter(user);
    start("w1", persona);
    const { data } = await atStep("w1", "first");
    await answer(user, data.run);
    await atStep("w1", "second");
    await other.ask("ping", {});
    expect(other.told("w1")).toEqual([]);
  });

  it("is told at whichever of the tenant's hubs the socket is", async () => {
    const [, user] = await userAtEach("flow_spread", 2);
    await spread("flow_spread", 2);
    if (!user) throw new Error("nobody");
    const { start, atStep, ended } = await starter(user);
    start("w1", await personaWith(user));
    const { data } = await atStep("w1", "first");
    await answer(user, data.run, false);
    expect((await ended("w1")).data).toMatchObject({ status: "completed", result: { text: "mended" } });
  });

  it("comes in batches to who has asked for these", async () => {
    const user = await createUserWithSession("flow_batched");
    const { start, atStep, messages } = await starter(user, "?batch=1");
    start("w1", await personaWith(user));
    await atStep("w1", "first");
    expect(messages.every((message) => message.startsWith('{"type":"batch"'))).toBe(true);
  });
});

describe("The client's word for a workflow", () => {
  it("is its key: said again it is the same run, as it stands, also to another socket and by REST", async () => {
    const { user, persona, start, atStep } = await someoneStarting("flow_again");
    start("w1", persona);
    const { data } = await atStep("w1", "first");
    await answer(user, data.run);
    await atStep("w1", "second");
    const other = await starter(user);
    other.start("w1", persona);
    const again = await other.nextOf("w1");
    expect(again.data).toMatchObject({ run: data.run, step: "second", progress: 1 / 3 });
    const body = { input: { topic: "tea" }, action: "words" };
    const rest = await execute(user, persona, body, { "idempotency-key": "w1" });
    expect(await bodyOf(rest, 202)).toMatchObject({ correlation_id: data.run });
  });

  it("is the same run however often one socket says it at once, whose end is told", async () => {
    const { user, persona, start, told, atStep, nextOf } = await someoneStarting("flow_doubled");
    for (let count = 0; count < 5; count++) start("w1", persona);
    await expect.poll(() => told("w1").length).toBe(5);
    expect(new Set(told("w1").map(({ data }) => data.run)).size).toBe(1);
    const { data } = await atStep("w1", "first");
    await answer(user, data.run, false);
    await nextOf("w1", (frame) => frame.data.status === "completed");
    expect(told("w1").filter((frame) => frame.data.status === "completed")).toHaveLength(1);
  });

  it("is no other run's: with other content it is refused, and the first one goes on to be told of", async () => {
    const { user, persona, start, atStep, nextOf } = await someoneStarting("flow_conflict");
    start("w1", persona);
    const { data } = await atStep("w1", "first");
    start("w1", persona, { parameters: { topic: "coffee" } });
    expect(await nextOf("w1", ({ error }) => error !== undefined)).toMatchObject({
      data: { status: "failed", run: null },
      error: { code: "CONFLICT" },
    });
    await answer(user, data.run);
    await atStep("w1", "second");
  });

  it("means the workflow that it was said of last", async () => {
    const { user, persona, start, atStep, nextOf } = await someoneStarting("flow_renamed");
    const other = await personaWith(user);
    start("w1", persona);
    const { data } = await atStep("w1", "first");
    start("w1", other);
    const later = await nextOf("w1", (frame) => frame.data.run !== data.run);
    await answer(user, data.run);
    await answer(user, later.data.run);
    const second = await atStep("w1", "second");
    expect(second.data.run).toBe(later.data.run);
  });
});

describe("A hub", () => {
  it("that has slept goes on to tell, and progress does not fall", async () => {
    const { user, persona, start, told, atStep, ended } = await someoneStarting("flow_slept");
    start("w1", persona);
    const { data } = await atStep("w1", "first");
    await answer(user, data.run);
    await atStep("w1", "second");
    await evictDurableObject(env.TENANT_HUB.getByName("flow_slept"));
    await answer(user, data.run);
    expect((await ended("w1")).data).toMatchObject({ status: "completed", progress: 1 });
    const shares = told("w1").map((frame) => frame.data.progress);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
    await expect
      .poll(() =>
        runInDurableObject(env.TENANT_HUB.getByName("flow_slept"), (_, ctx) =>
          ctx.getWebSockets().map((socket) => Object(socket.deserializeAttachment()).workflows),
        ),
      )
      .toEqual([[]]);
  });

  it("that is told the same again, or what was before, tells its sockets nothing twice", async () => {
    const { user, persona, start, told, atStep, ask } = await someoneStarting("flow_repeats");
    start("w1", persona);
    const { data } = await atStep("w1", "first");
    await answer(user, data.run);
    await atStep("w1", "second");
    const before = told("w1").length;
    const { events, epoch } = await tenantObject("flow_repeats").readEvents({ since: 0, limit: 100 });
    await tenantHub("flow_repeats").publish(events, epoch);
    await ask("ping", {});
    expect(told("w1")).toHaveLength(before);
  });

  it("that has missed what the log does not have any more reads how each stands", async () => {
    const { user, persona, start, atStep, ended } = await someoneStarting("flow_missed");
    start("w1", persona);
    const { data } = await atStep("w1", "first");
    const publish = vi.spyOn(TenantHub.prototype, "publish").mockResolvedValue({ sockets: 1 });
    await answer(user, data.run);
    await answer(user, data.run);
    await expect.poll(async () => (await viewOf(user, data.run)).status).toBe("completed");
    await expect
      .poll(() => publish.mock.calls.flatMap(([events]) => events.map(({ event }) => event)))
      .toContain("execution.completed");
    publish.mockRestore();
    await tenantHub("flow_missed").publish([], undefined, true);
    expect((await ended("w1")).data).toMatchObject({ status: "completed", progress: 1 });
  });

  it("reads nothing, and asks the gateway for nothing, for those who start none", async () => {
    const perform = vi.spyOn(SocketCalls.prototype, "perform");
    const { user, persona, subscribe, next } = await someoneStarting("flow_unused");
    await subscribe("execution.*");
    const run = await bodyOf<{ correlation_id: string }>(await execute(user, persona), 202);
    await next(({ event, entity_id }) => event === "execution.paused" && entity_id === run.correlation_id);
    expect(perform).not.toHaveBeenCalled();
  });

  it("asks the gateway once for a start, and for nothing that happens after", async () => {
    const perform = vi.spyOn(SocketCalls.prototype, "perform");
    const { user, persona, start, atStep, ended } = await someoneStarting("flow_counted");
    start("w1", persona);
    const { data } = await atStep("w1", "first");
    await answer(user, data.run);
    await atStep("w1", "second");
    await answer(user, data.run);
    await ended("w1");
    expect(perform).toHaveBeenCalledTimes(1);
  });
});
