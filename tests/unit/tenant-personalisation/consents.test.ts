import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { ConsentStore } from "#durable-objects/tenant-personalisation/consent-store.ts";
import type { Purpose } from "#src/kernel/personalisation-words.ts";

const newTenant = () => env.TENANT_PERSONALISATION.getByName(`persons-${uuidv7()}`);
const saying = (personId: string, said: Partial<Record<Purpose, boolean>>) => ({
  personId,
  said,
  textVersion: null,
  source: "test",
});

describe("The log of consents", () => {
  it("keeps every change in order, of each person", async () => {
    const tenant = newTenant();
    await tenant.changeConsents(saying("ada", { history: true, location: true }));
    await tenant.changeConsents(saying("grace", { history: true }));
    await tenant.changeConsents(saying("ada", { history: false }));
    const log = await runInDurableObject(tenant, (_, { storage }) =>
      new ConsentStore(storage.sql).log("ada"),
    );
    expect(log.map(({ purpose, granted }) => [purpose, granted])).toEqual([
      ["history", true],
      ["location", true],
      ["history", false],
    ]);
  });
});

describe("A person who is erased", () => {
  it("has agreed to nothing, and no row is left of them; others stay as they are", async () => {
    const tenant = newTenant();
    for (const person of ["ada", "grace"]) await tenant.changeConsents(saying(person, { history: true }));
    await tenant.erasePerson("ada");
    expect((await tenant.consentsOf("ada")).history.granted).toBe(false);
    expect((await tenant.consentsOf("grace")).history.granted).toBe(true);
    const left = await runInDurableObject(tenant, (_, { storage: { sql } }) =>
      ["consents", "consent_log"].map((table) =>
        sql.exec(`SELECT DISTINCT person_id FROM ${table}`).toArray(),
      ),
    );
    expect(left).toEqual([[{ person_id: "grace" }], [{ person_id: "grace" }]]);
  });

  it("who was never known leaves no tables behind", async () => {
    const tenant = newTenant();
    await tenant.erasePerson("nobody");
    expect((await tenant.consentsOf("nobody")).analytics.at).toBeNull();
    const tables = await runInDurableObject(tenant, (_, { storage: { sql } }) =>
      sql.exec("SELECT name FROM sqlite_master WHERE name = 'table_steps'").toArray(),
    );
    expect(tables).toEqual([]);
  });
});
