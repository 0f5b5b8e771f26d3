import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it, vi } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { type Purpose, purposes } from "#src/kernel/personalisation-words.ts";
import type { TenantPersonalisationApi } from "#src/objects/tenant-personalisation-api.ts";
import { interaction, itemOf } from "../../support/recommending-object.ts";

const newTenant = (): TenantPersonalisationApi =>
  env.TENANT_PERSONALISATION.getByName(`describing-${uuidv7()}`);

const agree = (tenant: TenantPersonalisationApi, personId: string, said: Partial<Record<Purpose, boolean>>) =>
  tenant.changeConsents({ personId, said, textVersion: null, source: "test" });
const every = (granted: boolean) => Object.fromEntries(purposes.map((purpose) => [purpose, granted]));

const learnt = (text: string, id = text) => ({
  id,
  text,
  conversationId: "c",
  messageId: "m",
  confidence: 0.8,
});

/** Somebody of whom everything is known, each thing with a word of its own. */
async function known(tenant: TenantPersonalisationApi, personId: string): Promise<void> {
  await agree(tenant, personId, every(true));
  valueOrThrow(
    await tenant.writeProfile({
      personId,
      how: "make",
      change: {
        pages: [{ item_id: "1", title: "CANARY-page", action: "view", at: "2026-11-01T10:00:00Z" }],
        location: { country: "AT", time_zone: "Europe/Vienna", source: "declared" },
        preferences: { tone: "CANARY-tone", topics: ["CANARY-topic"] },
      },
    }),
  );
  await tenant.learnFacts({ personId, facts: [learnt("CANARY-fact about tea")] });
  await tenant.noteContext({
    personId,
    id: "1",
    conversationId: null,
    content: "CANARY-said",
    at: Date.now(),
  });
  await tenant.putItems([itemOf("tea", { tags: ["CANARY-tag"] })]);
  await tenant.takeInteractions([interaction(personId, "tea", { at: Date.now() })]);
}

/** Every choice of purposes. */
const choices = Array.from({ length: 2 ** purposes.length }, (_, bits) =>
  purposes.filter((_, place) => (bits >> place) % 2 === 1),
);

describe("No consent, no use (invariant 3):", () => {
  it.each(choices.map((chosen) => [chosen.join(", ") || "nothing", chosen] as const))(
    "with %s a prompt and the context tell what was agreed to and nothing else",
    async (_, chosen) => {
      const tenant = newTenant();
      await known(tenant, "ada");
      const said = Object.fromEntries(purposes.map((purpose) => [purpose, chosen.includes(purpose)]));
      await agree(tenant, "ada", said);
      const told = (await tenant.describePerson({ personId: "ada", how: "full", text: "tea" })) ?? "";
      const has = (purpose: Purpose) => chosen.includes(purpose);
      const isTold = has("personalisation");
      const expected = {
        "CANARY-tone": isTold,
        "CANARY-fact": isTold,
        "CANARY-topic": isTold,
        "Europe/Vienna": isTold && has("location"),
        country: isTold && has("location"),
        "CANARY-page": isTold && has("history"),
        // By the tags of what they like.
        "canary-tag": isTold && has("history"),
        "CANARY-said": false,
      };
      for (const [word, is] of Object.entries(expected))
        expect([word, told.includes(word)]).toEqual([word, is]);
      const context = JSON.stringify(await tenant.contextOf("ada"));
      expect(context.includes("CANARY-said")).toBe(isTold);
      expect(context.includes("canary-tag")).toBe(has("history"));
    },
  );

  it("what would be learnt, noted or written of who has not agreed is not kept", async () => {
    const tenant = newTenant();
    await agree(tenant, "ada", { ...every(true), personalisation: false });
    expect(await tenant.learnFacts({ personId: "ada", facts: [learnt("Likes tea")] })).toEqual({ kept: 0 });
    const noted = { personId: "ada", id: "1", conversationId: null, content: "Tea", at: Date.now() };
    expect(await tenant.noteContext(noted)).toEqual({ accepted: false });
    expect(await tenant.describePerson({ personId: "ada", how: "full", text: "tea" })).toBeNull();
  });
});

describe("What a prompt is told", () => {
  it("is nothing but preferences where it asks for no more", async () => {
    const tenant = newTenant();
    await known(tenant, "ada");
    const told = await tenant.describePerson({ personId: "ada", how: "preferences", text: "tea" });
    expect(told).toBe('"tone": "CANARY-tone"\n"topics": ["CANARY-topic"]');
  });

  it("is nothing of others, and nothing where nothing is known", async () => {
    const tenant = newTenant();
    await known(tenant, "ada");
    await agree(tenant, "grace", every(true));
    for (const personId of ["grace", "nobody"])
      expect(await tenant.describePerson({ personId, how: "full", text: "tea" })).toBeNull();
    expect(await newTenant().describePerson({ personId: "ada", how: "full", text: "tea" })).toBeNull();
  });
});

describe("Facts of a person", () => {
  const factsOf = async (tenant: TenantPersonalisationApi) =>
    valueOrThrow(await tenant.profileOf("ada")).facts;

  it("are kept once under one id, and not of a kind that is never kept", async () => {
    const tenant = newTenant();
    await agree(tenant, "ada", every(true));
    const facts = [learnt("Likes tea"), learnt("Has diabetes")];
    expect(await tenant.learnFacts({ personId: "ada", facts })).toEqual({ kept: 1 });
    expect(await tenant.learnFacts({ personId: "ada", facts })).toEqual({ kept: 0 });
    expect((await factsOf(tenant)).map(({ text, source }) => [text, source])).toEqual([
      ["Likes tea", { conversationId: "c", messageId: "m" }],
    ]);
  });

  it("are 200 at most: the least used and oldest go first", async () => {
    const tenant = env.TENANT_PERSONALISATION.getByName(`describing-${uuidv7()}`);
    await agree(tenant, "ada", every(true));
    await tenant.learnFacts({ personId: "ada", facts: [learnt("Likes oolong", "used")] });
    await tenant.describePerson({ personId: "ada", how: "full", text: "oolong" });
    // Behind the answer.
    await vi.waitFor(() =>
      runInDurableObject(tenant, (_, { storage: { sql } }) =>
        expect(sql.exec("SELECT uses FROM facts").one()).toEqual({ uses: 1 }),
      ),
    );
    for (let batch = 0; batch < 5; batch++)
      await tenant.learnFacts({
        personId: "ada",
        facts: Array.from({ length: 41 }, (_, number) => learnt(`Number ${batch} ${number}`)),
      });
    const ids = (await factsOf(tenant)).map(({ id }) => id);
    expect(ids).toHaveLength(200);
    expect(ids).toContain("used");
    expect(ids).toContain("Number 4 40");
    expect(ids).not.toContain("Number 0 0");
  });
});
