import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { LogBlocks } from "#durable-objects/log-ring/log-blocks.ts";
import { type LogLevel, logLevels } from "#src/kernel/log-level.ts";
import type { LogFilter } from "#src/objects/log-ring-api.ts";
import { lineText } from "#src/observability/log-line.ts";

/** Blocks in an object of their own. */
const inBlocks = (name: string, keep: number, work: (blocks: LogBlocks, again: () => LogBlocks) => void) =>
  runInDurableObject(env.LOG_RING.getByName(name), (_, { storage }) => {
    storage.sql.exec("DELETE FROM blocks");
    const open = () => new LogBlocks(storage.sql, keep);
    work(open(), open);
  });

interface Told {
  level: LogLevel;
  service: string;
  at: number;
  run: string | undefined;
}

const now = Date.parse("2026-11-27T12:00:00Z");

const told = fc.record({
  level: fc.constantFrom(...logLevels),
  service: fc.constantFrom("gateway", "agents", 'odd "name"'),
  at: fc.integer({ min: now - 20_000, max: now }),
  run: fc.constantFrom("run-1", "run-2", undefined),
});

const text = ({ level, service, at, run }: Told, index: number): string =>
  lineText({
    time: new Date(at).toISOString(),
    level,
    service,
    message: `line ${index}`,
    correlation_id: run,
  });

const filters: fc.Arbitrary<LogFilter> = fc.record(
  {
    service: fc.constantFrom("gateway", 'odd "name"'),
    level: fc.constantFrom(...logLevels),
    since: fc.integer({ min: now - 20_000, max: now }),
    correlationId: fc.constantFrom("run-1", "run-3"),
  },
  { requiredKeys: [] },
);

const isWanted = ({ level, service, at, run }: Told, filter: LogFilter): boolean =>
  (filter.service === undefined || service === filter.service) &&
  (filter.level === undefined || logLevels.indexOf(level) >= logLevels.indexOf(filter.level)) &&
  (filter.since === undefined || at >= filter.since) &&
  (filter.correlationId === undefined || run === filter.correlationId);

it("Lines are found by all that is asked, the latest first, page by page, in whatever batches they came", async () => {
  const batches = fc.array(fc.array(told, { maxLength: 6 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(batches, filters, fc.integer({ min: 1, max: 5 }), async (given, filter, limit) => {
      await inBlocks("model", 1000, (blocks, again) => {
        const all: Told[] = [];
        for (const batch of given) {
          const lines = batch.map((one, index) => text(one, all.length + index));
          all.push(...batch);
          blocks.append(lines, now);
        }
        const wanted = all
          .map((one, index) => ({ one, index }))
          .filter(({ one }) => isWanted(one, filter))
          .map(({ index }) => `line ${index}`);
        const found: string[] = [];
        for (let before: number | undefined; ; ) {
          const page = again().read(filter, { before, limit });
          found.push(...page.map(({ line }) => line.message));
          before = page.at(-1)?.seq;
          if (page.length < limit) break;
        }
        expect(found).toEqual(wanted.toReversed());
        const following: string[] = [];
        for (let after = 0; ; ) {
          const { lines, last } = blocks.after(filter, after, limit);
          following.push(...lines.map(({ line }) => line.message));
          if (lines.length === 0) break;
          after = last;
        }
        expect(following).toEqual(wanted);
      });
    }),
    { numRuns: 40 },
  );
});

it("So many lines are kept at least, and their numbers go on when the first are gone", async () => {
  await inBlocks("kept", 10, (blocks, again) => {
    for (let batch = 0; batch < 30; batch++) {
      const level = "info" as const;
      const lines = [0, 1, 2].map((index) =>
        text({ level, service: "a", at: now, run: undefined }, batch * 3 + index),
      );
      (batch % 2 ? again() : blocks).append(lines, now);
    }
    const kept = again().read({}, { limit: 100 });
    expect(kept.length).toBeGreaterThanOrEqual(10);
    expect(kept.length).toBeLessThan(13);
    expect(kept[0]).toMatchObject({ seq: 90, line: { message: "line 89" } });
  });
});

it("Lines that are too large for one row take several, and what is no line is left out", async () => {
  await inBlocks("large", 1000, (blocks) => {
    const large = lineText({
      time: new Date(now).toISOString(),
      level: "error",
      service: "a",
      message: "m",
      stack: "x".repeat(7000),
    });
    blocks.append(["{no line", ...Array.from({ length: 200 }, () => large), '{"level":"error"}'], now);
    expect(blocks.read({}, { limit: 1000 })).toHaveLength(200);
    expect(blocks.latest).toBe(202);
  });
});

it("Of a line that is too long its texts are cut, and it can still be read", () => {
  const cut = lineText({ level: "error", message: "m", stack: "x".repeat(100_000), path: "/health" });
  expect(cut.length).toBeLessThan(2000);
  expect(JSON.parse(cut)).toMatchObject({ message: "m", path: "/health" });
});
