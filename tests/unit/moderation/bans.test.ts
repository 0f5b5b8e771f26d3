import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { forgetVisitors, keptMs } from "#src/visitors/forget-visitors.ts";
import { call, send } from "../../support/api.ts";
import { begin, messagesOf, publish, said, say, withPersona } from "../../support/chats.ts";
import { ask, open, staffRoot } from "../../support/conversation-sockets.ts";
import { withRule } from "../../support/moderation.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createUser, createUserWithSession, type TestUser } from "../../support/users.ts";
import { askSession, visit, withWidget } from "../../support/widgets.ts";

const root = "/api/v1/admin/bans";

interface Ban {
  id: string;
  person_id: string;
  created_by: string | null;
  until: string | null;
}

const ban = (staff: TestUser, personId: string, more: Record<string, unknown> = {}): Promise<Response> =>
  send("POST", root, { person_id: personId, reason: "Rude", ...more }, staff.headers);

const bansOf = async (staff: TestUser): Promise<Ban[]> =>
  (await bodyOf<{ bans: Ban[] }>(await call(root, { headers: staff.headers }), 200)).bans;

/** What somebody hears who says something that is refused. */
async function refusal(user: TestUser, id: string, text: string) {
  const answer = await say(user, id, text);
  return [answer.status, (await answer.text()).includes("MESSAGE_REFUSED")];
}

async function talking(clientId: string) {
  const { user, instance } = await withPersona(clientId);
  const staff = await createUser(clientId, { role: "moderator" });
  const { conversation } = await begin(user, instance.id);
  return { user, staff, instance, id: conversation.id, personId: user.actor.userId };
}

describe("Whoever is banned", () => {
  it("writes by no way in, and hears nothing live; what is theirs they may read and erase", async () => {
    const { user, staff, instance, id, personId } = await talking("bans_ways");
    const { message } = await said(user, id, "About tea", { reply: false });
    const made = await bodyOf<Ban>(await ban(staff, personId), 201);
    expect(made).toMatchObject({ person_id: personId, person_kind: "user", until: null });
    const path = `/api/v1/conversations/${id}`;
    const { headers } = user;
    const posted = { id, messages: [{ id: "m-1", role: "user", parts: [{ type: "text", text: "Tea" }] }] };
    const file = { ...headers, "content-type": "text/plain", "x-file-name": "a.txt" };
    const tried = {
      send: await say(user, id, "More"),
      begin: await send("POST", "/api/v1/conversations", { instance_id: instance.id }, headers),
      edit: await send("PATCH", `${path}/messages/${message.id}`, { content: "Else" }, headers),
      regenerate: await send("POST", `${path}/messages/${message.id}/regenerate`, undefined, headers),
      handover: await send("POST", `${path}/handover`, {}, headers),
      upload: await call(`${path}/attachments`, { method: "POST", headers: file, body: "Tea" }),
      chat: await send("POST", "/api/v1/chat", posted, headers),
      events: await call(`${path}/events`, { headers }),
      socket: await ask(user, id),
    };
    for (const [way, answer] of Object.entries(tried)) expect([way, answer.status]).toEqual([way, 403]);
    expect(await tried.send.text()).toContain("BANNED");
    expect((await messagesOf(user, id)).messages.map(({ content }) => content)).toEqual(["About tea"]);
    expect((await send("DELETE", path, undefined, headers)).status).toBe(204);
  });

  it("has their sockets and streams closed, and nobody else has", async () => {
    const { user, staff, id, personId } = await talking("bans_live");
    const helper = await createUserWithSession("bans_live", { role: "moderator" });
    const [socket, theirs] = [await open(user, id), await open(helper, id, { root: staffRoot })];
    const stream = await call(`/api/v1/conversations/${id}/events?since=0`, { headers: user.headers });
    const reader = present(stream.body).getReader();
    await reader.read();
    await bodyOf(await ban(staff, personId), 201);
    expect((await socket.closed).code).toBe(4003);
    for (let isOver = false; !isOver; ) isOver = (await reader.read()).done;
    expect(await theirs.command("ping")).toMatchObject({ event: "pong" });
    theirs.socket.close();
  });

  it("writes again at once when the ban is lifted, or has ended by itself", async () => {
    const { user, staff, id, personId } = await talking("bans_end");
    const first = await bodyOf<Ban>(await ban(staff, personId), 201);
    expect((await say(user, id, "Tea", { reply: false })).status).toBe(403);
    expect((await send("DELETE", `${root}/${first.id}`, undefined, staff.headers)).status).toBe(204);
    expect((await say(user, id, "Tea", { reply: false })).status).toBe(201);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const second = await bodyOf<Ban>(await ban(staff, personId, { until }), 201);
    expect(second.until).toBe(until);
    const refused = await say(user, id, "Tea", { reply: false });
    expect([refused.status, Number(refused.headers.get("retry-after")) > 3000]).toEqual([403, true]);
    await env.DB.prepare("UPDATE bans SET until = ? WHERE id = ?")
      .bind(Date.now() - 1, second.id)
      .run();
    expect((await say(user, id, "Tea", { reply: false })).status).toBe(201);
    expect(await bansOf(staff)).toEqual([]);
  });

  it("has written all of what was acknowledged and nothing else, also in the moment of the ban", async () => {
    const { user, staff, id, personId } = await talking("bans_race");
    const sending = Array.from({ length: 8 }, (_, at) => say(user, id, `m${at}`, { reply: false }));
    const banning = ban(staff, personId);
    const answers = await Promise.all(sending);
    await bodyOf(await banning, 201);
    expect((await say(user, id, "late", { reply: false })).status).toBe(403);
    const taken = answers.flatMap(({ status }, at) => (status === 201 ? [`m${at}`] : []));
    const stored = (await messagesOf(user, id)).messages.map(({ content }) => content);
    expect(stored.toSorted()).toEqual(taken);
    expect(answers.filter(({ status }) => status !== 201 && status !== 403)).toEqual([]);
  });

  it("is let in on no page of a widget's either, as the visitor that they were", async () => {
    const { widget, staff, instance } = await withWidget("bans_visitors");
    const visitor = await visit(widget.key);
    await bodyOf(await ban(staff, visitor.visitor_id), 201);
    const again = await askSession(widget.key, { visitor_token: visitor.visitor_token });
    expect([again.status, await again.text()]).toEqual([403, expect.stringContaining("BANNED")]);
    const begun = { instance_id: instance.id, message: "Tea" };
    expect((await send("POST", "/api/v1/conversations", begun, visitor.headers)).status).toBe(403);
    expect((await askSession(widget.key)).status).toBe(200);
  });
});

describe("A ban", () => {
  it("is of a person of the tenant who is not of its staff, and is not over yet", async () => {
    const { staff, personId } = await talking("bans_whom");
    const elsewhere = await createUser("bans_elsewhere");
    const helper = await createUser("bans_whom", { permissions: ["conversations.handle"] });
    await env.DB.prepare("INSERT INTO user_permissions VALUES (?, 'conversations.handle', 0)")
      .bind(helper.actor.userId)
      .run();
    for (const [who, more] of [
      [elsewhere.actor.userId, {}],
      [helper.actor.userId, {}],
      [staff.actor.userId, {}],
      [crypto.randomUUID(), {}],
      ["nobody", {}],
      [personId, { until: "2020-01-01T00:00:00Z" }],
      [personId, { reason: " " }],
      [personId, { client_id: "bans_elsewhere" }],
    ] as const)
      expect([who, more, (await ban(staff, who, more)).status]).toEqual([who, more, 400]);
    expect(await bansOf(staff)).toEqual([]);
  });

  it("is one for each person: the latest word counts", async () => {
    const { staff, personId } = await talking("bans_twice");
    const first = await bodyOf<Ban>(await ban(staff, personId, { until: "2099-01-01T00:00:00Z" }), 201);
    const second = await bodyOf<Ban>(await ban(staff, personId, { reason: "Worse" }), 201);
    expect(second).toMatchObject({ id: first.id, reason: "Worse", until: null });
    expect(await bansOf(staff)).toEqual([second]);
    expect(await bodyOf(await call(`${root}/${first.id}`, { headers: staff.headers }), 200)).toEqual(second);
  });

  it("is the tenant's staff's alone to make, read and lift", async () => {
    const { user, staff, personId } = await talking("bans_ours");
    const { id } = await bodyOf<Ban>(await ban(staff, personId), 201);
    const others = await createUser("bans_theirs", { role: "moderator" });
    expect((await ban(others, personId)).status).toBe(400);
    expect((await ban(user, others.actor.userId)).status).toBe(403);
    expect(await bansOf(others)).toEqual([]);
    for (const [caller, refused] of [
      [user, 403],
      [others, 404],
    ] as const) {
      expect((await call(`${root}/${id}`, { headers: caller.headers })).status).toBe(refused);
      expect((await send("DELETE", `${root}/${id}`, undefined, caller.headers)).status).toBe(refused);
    }
    const { results } = await env.DB.prepare("SELECT action FROM audit_log WHERE target_id = ?")
      .bind(personId)
      .all<{ action: string }>();
    expect(results.map(({ action }) => action)).toContain("conversations.banned");
  });

  it("is made by a rule as well, of whoever is not of the staff", async () => {
    const clientId = "bans_rule";
    const { user, staff, instance, id } = await talking(clientId);
    await bodyOf(await publish(user, instance.id, { audience: "tenant" }), 200);
    await withRule(staff, { name: "Threats", action: "ban", ban_seconds: 3600, words: ["banword"] });
    expect(await refusal(user, id, "A banword")).toEqual([422, true]);
    expect((await say(user, id, "Sorry")).status).toBe(403);
    expect(await bansOf(staff)).toMatchObject([
      { person_id: user.actor.userId, reason: "Threats", created_by: null, until: expect.any(String) },
    ]);
    const helper = await createUserWithSession(clientId, { permissions: ["conversations.handle"] });
    const theirs = await bodyOf<{ conversation: { id: string } }>(
      await send("POST", "/api/v1/conversations", { instance_id: instance.id }, helper.headers),
      201,
    );
    expect(await refusal(helper, theirs.conversation.id, "A banword")).toEqual([422, true]);
    expect((await say(helper, theirs.conversation.id, "Tea", { reply: false })).status).toBe(201);
    expect(await bansOf(staff)).toHaveLength(1);
  });

  it("is made by a rule where a conversation would begin so, which leaves nothing", async () => {
    const { user, staff, instance } = await talking("bans_rule_begin");
    await withRule(staff, { action: "ban", words: ["banword"] });
    const begun = { instance_id: instance.id, message: "banword" };
    expect((await send("POST", "/api/v1/conversations", begun, user.headers)).status).toBe(422);
    expect(await bansOf(staff)).toMatchObject([{ person_id: user.actor.userId, until: null }]);
  });

  it("of a visitor goes with what is known of them", async () => {
    const { widget, staff } = await withWidget("bans_forgotten");
    const visitor = await visit(widget.key);
    await bodyOf(await ban(staff, visitor.visitor_id), 201);
    const kept = () =>
      env.DB.prepare("SELECT count(*) AS n FROM bans WHERE person_id = ?")
        .bind(visitor.visitor_id)
        .first("n");
    await forgetVisitors(testPlatform(), Date.now());
    expect(await kept()).toBe(1);
    await forgetVisitors(testPlatform(), Date.now() + keptMs + 60_000);
    expect(await kept()).toBe(0);
  });
});
