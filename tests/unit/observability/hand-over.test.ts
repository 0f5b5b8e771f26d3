import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Gathered } from "#src/observability/gathered.ts";
import { type Batch, HandOver, rhythm } from "#src/observability/hand-over.ts";
import { createLogger } from "#src/observability/logger.ts";
import { Things } from "#src/observability/things.ts";

const log = createLogger("hand-over", "error");
const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** An isolate that hands texts over, to a sink that refuses as many batches as said. */
function isolate({ max = 1000, refusals = 0 } = {}) {
  const things = new Things<string>(max);
  const offered: Batch<string>[] = [];
  let left = refusals;
  const take = async (batch: Batch<string>) => {
    offered.push(batch);
    if (left-- > 0) throw new Error("Not now");
  };
  const handOver = new HandOver([new Gathered(things, { name: "texts", take })], log);
  const waitUntil = vi.fn();
  const tell = (...texts: string[]) => {
    for (const text of texts) things.record(text);
    handOver.after(waitUntil);
  };
  return { tell, offered, waitUntil, taken: () => offered.map((batch) => batch.things) };
}

const quick = { ...rhythm };

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(rhythm, { everyMs: 5000, gatherMs: 500 });
});
afterEach(() => {
  vi.useRealTimers();
  Object.assign(rhythm, quick);
});

describe("What an isolate records is handed over", () => {
  it("behind the occasion, half a second later, together with what comes meanwhile", async () => {
    const { tell, taken, waitUntil } = isolate();
    tell("one");
    expect(taken()).toEqual([]);
    tell("two");
    await passed(500);
    expect(taken()).toEqual([["one", "two"]]);
    expect(waitUntil).toHaveBeenCalledTimes(1);
  });

  it("at most every five seconds, and nothing is asked for where there is nothing", async () => {
    const { tell, taken, waitUntil } = isolate();
    for (let tenth = 0; tenth < 100; tenth++) {
      tell(`${tenth}`);
      await passed(100);
    }
    await passed(5000);
    expect(taken().map(({ length }) => length)).toEqual([5, 50, 45]);
    tell();
    expect(waitUntil).toHaveBeenCalledTimes(3);
  });

  it("at once when there is hardly room for more; what finds none is counted", async () => {
    const { tell, offered } = isolate({ max: 4 });
    tell("1", "2", "3", "4", "5", "6");
    await passed(0);
    expect(offered).toMatchObject([{ things: ["1", "2", "3", "4"], dropped: 2 }]);
  });

  it("by another occasion, when the runtime has ended the one that was waiting, or the clock is set back", async () => {
    const { tell, taken } = isolate();
    tell("one");
    vi.clearAllTimers();
    await passed(6000);
    tell("two");
    await passed(500);
    expect(taken()).toEqual([["one", "two"]]);
    vi.setSystemTime(Date.now() - 3_600_000);
    tell("three");
    await passed(5000);
    expect(taken()).toEqual([["one", "two"], ["three"]]);
  });
});

describe("A batch that is not taken", () => {
  it("comes again as it was, under its number, before what has come since", async () => {
    const { tell, offered } = isolate({ refusals: 1 });
    tell("one");
    await passed(500);
    tell("two");
    await passed(5000);
    expect(offered.map(({ number, things }) => [number, ...things])).toEqual([
      [1, "one"],
      [1, "one"],
      [2, "two"],
    ]);
    expect(new Set(offered.map(({ source }) => source)).size).toBe(1);
  });

  it("is given up in the end, and counted as dropped", async () => {
    const { tell, offered } = isolate({ refusals: 12 });
    tell("one", "two");
    for (let turn = 0; turn < 12; turn++) {
      await passed(5000);
      tell();
    }
    tell("three");
    await passed(5000);
    expect(offered).toHaveLength(13);
    expect(offered.at(-1)).toMatchObject({ number: 2, things: ["three"], dropped: 2 });
  });

  it("is not offered twice at a time, but once more when nothing was heard of it", async () => {
    const things = new Things<string>(10);
    const take = vi.fn(() => new Promise<void>(() => undefined));
    const texts = new Gathered(things, { name: "texts", take });
    things.record("one");
    const first = texts.handOver().catch(String);
    await texts.handOver();
    expect(take).toHaveBeenCalledTimes(1);
    await passed(10_000);
    expect(await first).toContain("No answer within 10000 ms");
    void texts.handOver().catch(String);
    expect(take).toHaveBeenCalledTimes(2);
  });
});
