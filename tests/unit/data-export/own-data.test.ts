import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ExportDesk } from "#durable-objects/tenant-personalisation/export-desk.ts";
import { call, send } from "../../support/api.ts";
import { begin, said, tellLists, withPersona } from "../../support/chats.ts";
import { bodyOf } from "../../support/personas.ts";

const clientId = "own_data";

/** Somebody with one of everything, each with their own word in it. */
async function somebody(word: string) {
  const { user, instance } = await withPersona(clientId);
  const { headers } = user;
  const { conversation } = await begin(user, instance.id);
  await said(user, conversation.id, `${word}-message`, { reply: false });
  await tellLists(clientId, conversation.id);
  await send(
    "POST",
    `/api/v1/personas/instances/${instance.id}/memories`,
    { content: `${word}-memory` },
    headers,
  );
  await send(
    "POST",
    `/api/v1/personas/instances/${instance.id}/execute`,
    { input: { topic: `${word}-run` } },
    headers,
  );
  await send("PUT", "/api/v1/user/consents", { personalisation: true }, headers);
  const profile = { conversation_preferences: { tone: `${word}-tone` } };
  await bodyOf(await send("POST", "/api/v1/personalization/user-profile", profile, headers), 201);
  const context = { message_content: `${word}-context`, timestamp: new Date().toISOString() };
  await bodyOf(await send("POST", "/api/v1/personalization/context", context, headers), 202);
  return { ...user, conversation };
}

const dataSchema = z.looseObject({
  account: z.looseObject({ user_id: z.string() }),
  conversations: z.array(z.looseObject({ id: z.string() })),
  complete: z.literal(true),
});

const exportOf = (headers: Record<string, string>) => call("/api/v1/user/data-export", { headers });

describe("Everything about oneself", () => {
  it("is one whole document, with nothing of anybody else", async () => {
    const [ada, grace] = [await somebody("ADA"), await somebody("GRACE")];
    const answer = await exportOf(ada.headers);
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="my-data.json"');
    const text = await answer.text();
    expect(text.trimEnd()).toMatch(/"complete":true\}$/);
    const data = dataSchema.parse(JSON.parse(text));
    expect(data.account.user_id).toBe(ada.actor.userId);
    expect(data.conversations.map(({ id }) => id)).toEqual([ada.conversation.id]);
    for (const what of ["message", "memory", "run", "tone", "context"]) expect(text).toContain(`ADA-${what}`);
    expect(text).not.toContain("GRACE");
    expect(text).not.toContain(grace.actor.userId);
  });

  it("is given three times a day", async () => {
    const { user } = await withPersona(clientId);
    for (let time = 0; time < 3; time++) await (await exportOf(user.headers)).text();
    const refused = await exportOf(user.headers);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(86_000);
  });
});

describe("Exports of a person", () => {
  const day = 86_400_000;
  /** Has a tenant of its own do something at times that the test says. */
  const desk = <T>(name: string, work: (exports: ExportDesk) => T): Promise<T> => {
    const tenant = env.TENANT_PERSONALISATION.getByName(name);
    return tenant
      .beginExport("somebody-else")
      .then(() => runInDurableObject(tenant, (_, { storage }) => work(new ExportDesk(storage.sql))));
  };

  it("go one at a time; one that never ended is not waited for longer than a quarter of an hour", async () => {
    const outcomes = await desk("exports_one", (exports) => [
      exports.begin("ada", 0).ok,
      exports.begin("ada", 1000).ok,
      exports.begin("grace", 1000).ok,
      exports.begin("ada", 15 * 60_000).ok,
    ]);
    expect(outcomes).toEqual([true, false, true, true]);
  });

  it("go on a day after the first of three", async () => {
    const outcomes = await desk("exports_three", (exports) =>
      [0, 1000, 2000, 3000, day - 1, day, day + 500, day + 1000].map((at) => {
        const begun = exports.begin("ada", at);
        if (begun.ok) exports.end("ada", begun.value.number, at);
        return begun.ok;
      }),
    );
    expect(outcomes).toEqual([true, true, true, false, false, true, false, true]);
  });
});
