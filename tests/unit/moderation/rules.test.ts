import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { begin, say, withPersona } from "../../support/chats.ts";
import { type Rule, rulesRoot as root, withRule } from "../../support/moderation.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser, createUserWithSession } from "../../support/users.ts";

const moderator = (clientId: string) => createUser(clientId, { role: "moderator" });

describe("Rules on what is not wanted", () => {
  it("are made, read, changed and deleted, and each of that is in the audit log", async () => {
    const staff = await createUser("rules", { permissions: ["conversations.handle"] });
    const made = await withRule(staff, { name: "Insults", words: ["nincompoop"] });
    expect(made).toMatchObject({ action: "refuse", pattern: null, is_active: true });
    const path = `${root}/${made.id}`;
    const changed = await bodyOf<Rule>(
      await send("PATCH", path, { action: "hold", words: [], pattern: "\\d{4}" }, staff.headers),
      200,
    );
    expect(changed).toMatchObject({ name: "Insults", action: "hold", words: [], pattern: "\\d{4}" });
    const { rules } = await bodyOf<{ rules: Rule[] }>(await call(root, { headers: staff.headers }), 200);
    expect(rules).toEqual([changed]);
    expect(await bodyOf(await call(path, { headers: staff.headers }), 200)).toEqual(changed);
    expect((await send("DELETE", path, undefined, staff.headers)).status).toBe(204);
    expect((await call(path, { headers: staff.headers })).status).toBe(404);
    const { results } = await env.DB.prepare("SELECT action FROM audit_log WHERE target_id = ? ORDER BY id")
      .bind(made.id)
      .all<{ action: string }>();
    expect(results.map(({ action }) => action).toSorted()).toEqual(
      ["created", "deleted", "updated"].map((what) => `moderation_rule.${what}`),
    );
  });

  it("that look for nothing, or for what takes ever longer, are none", async () => {
    const staff = await moderator("rules_bad");
    for (const bad of [
      {},
      { words: [], pattern: null },
      { words: ["..."] },
      { words: ["x".repeat(61)] },
      { words: Array.from({ length: 201 }, (_, at) => `w${at}`) },
      { pattern: "(?=x)x" },
      { pattern: "(x)\\1" },
      { pattern: "[" },
      { pattern: "x".repeat(501) },
      { pattern: "(x{1,100}){1,100}" },
      { words: ["x"], action: "explode" },
      { words: ["x"], client_id: "another" },
    ]) {
      const body = { name: "Bad", action: "refuse", ...bad };
      const { status } = await send("POST", root, body, staff.headers);
      expect([JSON.stringify(bad).slice(0, 60), status]).toEqual([expect.anything(), 400]);
    }
    const { id } = await withRule(staff, { words: ["x"] });
    expect((await send("PATCH", `${root}/${id}`, { words: [] }, staff.headers)).status).toBe(400);
  });

  it("are the tenant's staff's alone: nobody else reads them, learns of them or changes them", async () => {
    const staff = await moderator("rules_ours");
    const { id } = await withRule(staff, { words: ["secretly"] });
    const path = `${root}/${id}`;
    const ordinary = await createUser("rules_ours");
    const others = await moderator("rules_theirs");
    for (const [caller, refused] of [
      [ordinary, 403],
      [others, 404],
    ] as const) {
      expect((await call(path, { headers: caller.headers })).status).toBe(refused);
      expect((await send("PATCH", path, { name: "Mine" }, caller.headers)).status).toBe(refused);
      expect((await send("DELETE", path, undefined, caller.headers)).status).toBe(refused);
    }
    expect(await bodyOf(await call(root, { headers: others.headers }), 200)).toMatchObject({ rules: [] });
    expect((await call(`${root}?client_id=rules_ours`, { headers: others.headers })).status).toBe(403);
    const { user, instance } = await withPersona("rules_theirs");
    const { conversation } = await begin(user, instance.id);
    expect((await say(user, conversation.id, "Secretly")).status).toBe(201);
  });

  it("are fifty at most, and count at once where they were changed", async () => {
    const { user, instance } = await withPersona("rules_many");
    const staff = await createUserWithSession("rules_many", { role: "moderator" });
    const { conversation } = await begin(user, instance.id);
    expect((await say(user, conversation.id, "number7", { reply: false })).status).toBe(201);
    const rules: Rule[] = [];
    for (let at = 0; at < 50; at++) rules.push(await withRule(staff, { words: [`number${at}`] }));
    const more = { name: "One more", action: "flag", words: ["more"] };
    expect((await send("POST", root, more, staff.headers)).status).toBe(403);
    expect((await say(user, conversation.id, "number7", { reply: false })).status).toBe(422);
    await bodyOf(await send("PATCH", `${root}/${rules[7]?.id}`, { is_active: false }, staff.headers), 200);
    expect((await say(user, conversation.id, "number7", { reply: false })).status).toBe(201);
  });
});
