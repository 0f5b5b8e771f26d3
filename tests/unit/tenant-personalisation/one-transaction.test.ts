import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { ConsentDesk } from "#durable-objects/tenant-personalisation/consent-desk.ts";
import { ConsentStore } from "#durable-objects/tenant-personalisation/consent-store.ts";
import type { Keeper } from "#durable-objects/tenant-personalisation/keeper.ts";
import { News } from "#durable-objects/tenant-personalisation/news.ts";
import { Writing } from "#durable-objects/tenant-personalisation/writing.ts";

it("What a no removes is one transaction with it: where one keeper fails, nothing was said and everything is there", () =>
  runInDurableObject(env.TENANT_PERSONALISATION.getByName(`together-${uuidv7()}`), (_, { storage }) => {
    const { sql } = storage;
    let isBroken = true;
    const writing = new Writing(storage, { now: () => 1 }, () => {});
    const gone: Keeper = {
      withdraw: () => void sql.exec("DELETE FROM context_events"),
      erase: () => {},
      dataOf: () => ({}),
    };
    const broken: Keeper = {
      ...gone,
      withdraw: () => {
        if (isBroken) throw new Error("Broken");
      },
    };
    const consents = new ConsentStore(sql);
    const news = new News(sql, () => ({ appendEvents: async () => {} }));
    const desk = new ConsentDesk({ consents, keepers: [gone, broken], news });
    const say = (history: boolean) =>
      writing.written((now) =>
        desk.change({ personId: "ann", said: { history }, textVersion: null, source: "test" }, now),
      );
    say(true);
    const rows = () => sql.exec("SELECT * FROM context_events").toArray().length;
    sql.exec("INSERT INTO context_events (person_id, id, content, at) VALUES ('ann', '1', 'said', 1)");
    expect(() => say(false)).toThrow("Broken");
    expect([consents.isGranted("ann", "history"), rows()]).toEqual([true, 1]);
    isBroken = false;
    say(false);
    expect([consents.isGranted("ann", "history"), rows()]).toEqual([false, 0]);
  }));
