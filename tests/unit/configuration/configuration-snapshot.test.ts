import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Configuration } from "#src/configuration/configuration.ts";
import { setKeys, storedKeys } from "#src/configuration/configuration-repository.ts";
import { ConfigurationSnapshot } from "#src/configuration/configuration-snapshot.ts";
import { configurationFrom } from "#src/configuration/stored-configuration.ts";
import { database } from "#src/db/client.ts";
import { createLogger } from "#src/observability/logger.ts";

const db = database(env.DB);

/** One clock for all isolates; a time that is nobody's. */
let now = 1_000_000;
const clock = { now: () => now };
beforeEach(() => {
  now += 1_000_000;
});

/** An isolate: its snapshot, how often it has read, and whether the database answers it. */
function isolate() {
  const lines: string[] = [];
  const log = createLogger(
    "test",
    "warn",
    {},
    { write: (_, { message }) => void lines.push(String(message)) },
  );
  const state = { reads: 0, answers: "yes" as "yes" | "no" | "never" };
  const behind: Promise<unknown>[] = [];
  const snapshot = new ConfigurationSnapshot({
    clock,
    read: async () => {
      state.reads += 1;
      if (state.answers === "no") throw new Error("D1 is down");
      if (state.answers === "never") return new Promise(() => undefined);
      return storedKeys(db);
    },
  });
  const asking = { log, waitUntil: (work: Promise<unknown>) => void behind.push(work) };
  return {
    state,
    lines,
    snapshot,
    level: async () => (await snapshot.current(asking)).log_level,
    /** What it says without being waited for. */
    levelAtOnce: () => {
      const configuration = snapshot.current(asking);
      return configuration instanceof Promise ? "later" : configuration.log_level;
    },
    settled: () => Promise.all(behind.splice(0)),
  };
}

/** Changes the configuration as an isolate elsewhere does. */
async function change(values: Partial<Configuration>) {
  const { version } = configurationFrom(await storedKeys(db));
  expect(await setKeys(db, values, { expected: version, by: "somebody", now })).toHaveLength(1);
}

describe("What is configured", () => {
  it("counts in every isolate within five seconds, however often each is asked", async () => {
    await change({ log_level: "warn" });
    const isolates = [isolate(), isolate()];
    for (const { level } of isolates) expect(await level()).toBe("warn");
    now += 100;
    await change({ log_level: "debug" });
    for (let passed = 0; passed < 5000; passed += 50) {
      for (const { levelAtOnce, settled } of isolates) {
        levelAtOnce();
        await settled();
      }
      now += 50;
    }
    for (const { level } of isolates) expect(await level()).toBe("debug");
  });

  it("is read once in four seconds by an isolate that is asked all the time, and nobody waits for it", async () => {
    const { level, levelAtOnce, settled, state } = isolate();
    await level();
    for (let passed = 0; passed < 40_000; passed += 100) {
      now += 100;
      expect(levelAtOnce()).not.toBe("later");
      await settled();
    }
    expect(state.reads).toBe(11);
  });

  it("is not read while nobody asks, and waited for by who asks after a long time", async () => {
    const { level, levelAtOnce, state } = isolate();
    await change({ log_level: "info" });
    await level();
    await change({ log_level: "error" });
    now += 3_600_000;
    expect(state.reads).toBe(1);
    expect(levelAtOnce()).toBe("later");
    expect(await level()).toBe("error");
    expect(state.reads).toBe(2);
  });

  it("is read once for a hundred who ask at once", async () => {
    const { level, state } = isolate();
    await Promise.all(Array.from({ length: 100 }, level));
    expect(state.reads).toBe(1);
  });

  it("stays what it was while the database fails, which is asked no more than once a second", async () => {
    const { level, state, lines } = isolate();
    await change({ log_level: "info" });
    await level();
    state.answers = "no";
    await change({ log_level: "error" });
    for (let passed = 0; passed < 10_000; passed += 100) {
      now += 100;
      expect(await level()).toBe("info");
    }
    expect(state.reads).toBeLessThanOrEqual(8);
    expect(lines).toContain("configuration not read: it stays what it was");
    state.answers = "yes";
    now += 1000;
    expect(await level()).toBe("error");
  });

  it("is what it is by default where the database has never answered", async () => {
    const { level, state } = isolate();
    await change({ log_level: "error" });
    state.answers = "no";
    expect(await level()).toBeNull();
  });

  it("holds nobody up for long when the database never answers", async () => {
    const { level, state } = isolate();
    state.answers = "never";
    expect(await level()).toBeNull();
  });

  it("counts at once in the isolate that has changed it, also while that was reading", async () => {
    const { level, levelAtOnce, snapshot, settled } = isolate();
    await change({ log_level: "warn" });
    await level();
    now += 4100;
    expect(levelAtOnce()).toBe("warn");
    await change({ log_level: "debug" });
    snapshot.forget();
    await settled();
    expect(await level()).toBe("debug");
  });

  it("has the default of a key whose stored value cannot be read, and the others as they are", async () => {
    await change({ log_level: "warn" });
    await env.DB.prepare("UPDATE platform_settings SET value = '\"loud\"' WHERE key = 'log_level'").run();
    await env.DB.prepare(
      "INSERT INTO platform_settings (key, value, version, updated_at, updated_by) VALUES ('of_tomorrow', '1', 1, 1, 'x')",
    ).run();
    await change({ registration_open: false });
    const { configuration, problems } = configurationFrom(await storedKeys(db));
    expect(configuration).toMatchObject({ log_level: null, registration_open: false });
    expect(problems).toEqual([expect.stringContaining("log_level")]);
    await env.DB.prepare("DELETE FROM platform_settings").run();
  });
});

it("Of changes upon the same version one is made, and the others change nothing", async () => {
  const { version } = configurationFrom(await storedKeys(db));
  const set = await Promise.all(
    (["debug", "info", "warn", "error"] as const).map((log_level) =>
      setKeys(db, { log_level, registration_open: true }, { expected: version, by: "somebody", now }),
    ),
  );
  expect(set.map(({ length }) => length).toSorted()).toEqual([0, 0, 0, 2]);
  expect(configurationFrom(await storedKeys(db)).version).toBe(version + 1);
});
