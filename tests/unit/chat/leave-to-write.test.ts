import type { z } from "@hono/zod-openapi";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { leaveToWrite } from "#src/chat/live/leave-to-write.ts";
import type { sentMessageSchema } from "#src/chat/schemas.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { noMetrics } from "#src/observability/metrics/metrics.ts";
import { CallLeases } from "#src/rate-limits/call-leases.ts";
import { CallLimits } from "#src/rate-limits/call-limits.ts";
import { SocketCalls } from "#workers/gateway/socket-calls.ts";
import { send } from "../../support/api.ts";
import { begin, messagesOf, publish, withPersona } from "../../support/chats.ts";
import { open, staffRoot } from "../../support/conversation-sockets.ts";
import { unhurried } from "../../support/conversations.ts";
import { bodyOf, makeInstance } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";

const root = "/api/v1/conversations";

/** Somebody with a conversation of theirs, and what their sockets have asked the gateway since. */
async function talking(clientId: string) {
  const { user, instance } = await withPersona(clientId);
  const { conversation } = await begin(user, instance.id);
  const spy = vi.spyOn(SocketCalls.prototype, "perform");
  onTestFinished(() => spy.mockRestore());
  const asked = () => spy.mock.calls.map(([{ operation }]) => operation);
  return { user, instance, id: conversation.id, asked };
}

/** So much time goes by, for everybody. */
function pass(ms: number): void {
  const spy = vi.spyOn(systemClock, "now").mockImplementation(() => Date.now() + ms);
  onTestFinished(() => spy.mockRestore());
}

const said = (word: string, more: Record<string, unknown> = {}) => ({
  client_message_id: word,
  content: word,
  reply: false,
  ...more,
});

describe("Whoever may write at a socket", () => {
  it("writes on for a moment, and the gateway is not asked about each message", async () => {
    const { user, id, asked } = await talking("leave_once");
    const socket = await open(user, id);
    const answers = await Promise.all(
      ["one", "two", "three"].map((word) => socket.command("message.send", said(word))),
    );
    for (const answer of answers) expect(answer).toMatchObject({ type: "response", data: { created: true } });
    await socket.command("message.send", said("four"));
    expect(asked()).toEqual(["leaveToWrite"]);
    expect((await messagesOf(user, id)).messages.map(({ content }) => content)).toEqual([
      "one",
      "two",
      "three",
      "four",
    ]);
  });

  it("is told the same of a message as REST tells, and of the turn that answers it", async () => {
    const { user, id } = await talking("leave_alike");
    const socket = await open(user, id);
    const { data } = await socket.command("message.send", said("Tea?", { reply: true }));
    const body = said("Tea?", { reply: true });
    const again: z.infer<typeof sentMessageSchema> = await bodyOf(
      await send("POST", `${root}/${id}/messages`, body, user.headers),
      200,
    );
    expect(data?.log_seq).toBe(again.log_seq);
    // Its run begins behind.
    const turn = { ...again.turn, run_id: null };
    expect(data).toEqual({ ...again, created: true, turn });
  });

  it("has been asked about while they were typing", async () => {
    const { user, id, asked } = await talking("leave_typing");
    const socket = await open(user, id);
    await socket.command("typing", { typing: true });
    await expect.poll(asked).toEqual(["leaveToWrite"]);
    await socket.command("message.send", said("typed"));
    expect(asked()).toEqual(["leaveToWrite"]);
  });

  it("is asked about once in three seconds however much they type, also where they may not write", async () => {
    const { user, instance, id, asked } = await talking("leave_typing_on");
    const administrator = await createUserWithSession("leave_typing_on", { role: "admin" });
    const path = `/api/v1/admin/agents/${instance.id}/status`;
    await bodyOf(await send("PUT", path, { is_active: false, reason: "costs" }, administrator.headers), 200);
    const socket = await open(user, id);
    await socket.command("typing", { typing: true });
    await expect.poll(asked).toEqual(["leaveToWrite"]);
    const refused = await socket.command("message.send", said("meanwhile"));
    expect(refused).toMatchObject({ type: "error", data: { code: "PERSONA_DISABLED" } });
    for (let time = 0; time < 5; time++) await socket.command("typing", { typing: true });
    expect(asked()).toEqual(["leaveToWrite", "sendMessage"]);
  });

  it("is asked about again after three seconds: by then their persona may be switched off", async () => {
    const { user, instance, id, asked } = await talking("leave_ends");
    const socket = await open(user, id);
    await socket.command("message.send", said("before"));
    const administrator = await createUserWithSession("leave_ends", { role: "admin" });
    const path = `/api/v1/admin/agents/${instance.id}/status`;
    await bodyOf(await send("PUT", path, { is_active: false, reason: "costs" }, administrator.headers), 200);
    pass(3001);
    const refused = await socket.command("message.send", said("after"));
    expect(refused).toMatchObject({ type: "error", data: { code: "PERSONA_DISABLED" } });
    expect(asked()).toEqual(["leaveToWrite", "leaveToWrite", "sendMessage"]);
  });

  it("asks for each message that is more than words at the end of the path, and is told what is wrong with it", async () => {
    const { user, id, asked } = await talking("leave_plain");
    const socket = await open(user, id);
    for (const body of [
      said(" "),
      said("x", { role: "system" }),
      said("ü".repeat(16_385)),
      said("x", { parent_id: 1 }),
    ])
      expect(await socket.command("message.send", { ...body, client_message_id: "w" })).toMatchObject({
        type: "error",
        data: { code: "VALIDATION_ERROR" },
      });
    expect(asked()).toEqual(Array.from({ length: 4 }, () => "sendMessage"));
  });

  it("asks for each message where its answers are counted by the day, and says so once", async () => {
    const { user, instance, asked } = await talking("leave_days");
    await bodyOf(await publish(user, instance.id, { audience: "tenant", daily_turns_per_person: 9 }), 200);
    const guest = await createUserWithSession("leave_days");
    const { conversation } = await begin(guest, instance.id);
    const socket = await open(guest, conversation.id);
    await socket.command("message.send", said("one"));
    await socket.command("message.send", said("two"));
    expect(asked()).toEqual(["leaveToWrite", "sendMessage", "sendMessage"]);
  });

  it("is the owner: the staff asks for each of its answers", async () => {
    const { user, id, asked } = await talking("leave_staff");
    const staff = await createUserWithSession("leave_staff", { role: "moderator" });
    await bodyOf(await send("POST", `/api/v1/admin/conversations/${id}/take`, {}, staff.headers), 200);
    const socket = await open(staff, id, { root: staffRoot });
    const { client_message_id, content } = said("Hello");
    expect(await socket.command("message.send", { client_message_id, content })).toMatchObject({
      type: "response",
    });
    expect(asked()).toEqual(["replyToConversation"]);
    expect((await messagesOf(user, id)).messages.at(-1)?.role).toBe("agent");
  });
});

/** What somebody's leave says where calls are counted. */
async function countedLeave({ actor }: TestUser, instanceId: string) {
  const leases = new CallLeases(systemClock);
  const bare = testPlatform();
  const { objects, clock, log, config } = bare;
  const metrics = noMetrics;
  const counting = { objects, clock, log, metrics, config, leases, waitUntil: () => {} };
  const platform = testPlatform({ limits: new CallLimits(counting) });
  return leaveToWrite(platform, actor, { instance_id: instanceId });
}

describe("Where calls are counted, a leave", () => {
  it("says what is counted of whom, and each message is counted in all of their conversations", async () => {
    unhurried();
    const clientId = "leave_counted";
    const user = await createUserWithSession(clientId, { tier: "free" });
    const instance = await makeInstance(user, { model: "claude-haiku-5-5" });
    const ids = [await begin(user, instance.id), await begin(user, instance.id)].map(
      ({ conversation }) => conversation.id,
    );
    const value = await countedLeave(user, instance.id);
    expect(value.counted.map(({ key }) => key)).toEqual([`messages:${user.actor.userId}`, user.actor.userId]);
    const spy = vi.spyOn(SocketCalls.prototype, "perform").mockResolvedValue({ ok: true, value });
    onTestFinished(() => spy.mockRestore());
    const sockets = await Promise.all(ids.map((id) => open(user, id)));
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        sockets[index % 2]?.command("message.send", said(`m${index}`)),
      ),
    );
    const codes = answers.map((answer) => answer?.data?.code ?? "written");
    expect(codes.filter((code) => code === "written")).toHaveLength(20);
    expect(codes.filter((code) => code === "RATE_LIMITED")).toHaveLength(10);
    const known = answers.findIndex((answer) => answer?.type === "response");
    const again = await sockets[known % 2]?.command("message.send", said(`m${known}`));
    expect(again).toMatchObject({ type: "response", data: { created: false } });
    expect(spy.mock.calls.map(([{ operation }]) => operation)).toEqual(["leaveToWrite", "leaveToWrite"]);
  });

  it("costs nothing of their messages for what is said again", async () => {
    const clientId = "leave_again";
    const { user, instance } = await withPersona(clientId);
    const { conversation } = await begin(user, instance.id);
    const value = await countedLeave(user, instance.id);
    const spy = vi.spyOn(SocketCalls.prototype, "perform").mockResolvedValue({ ok: true, value });
    onTestFinished(() => spy.mockRestore());
    const socket = await open(user, conversation.id);
    for (let time = 0; time < 25; time++) await socket.command("message.send", said("again"));
    expect(await socket.command("message.send", said("new"))).toMatchObject({ data: { created: true } });
  });
});
