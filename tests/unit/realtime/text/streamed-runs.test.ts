import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { perform } from "#src/operation/perform.ts";
import { streamRunEvents } from "#src/runs/stream-run-events.ts";
import { key } from "../../../support/actors.ts";
import { call } from "../../../support/api.ts";
import { closeBreakers } from "../../../support/breakers.ts";
import { testPlatform } from "../../../support/platform-in-process.ts";
import type { Frame } from "../../../support/sockets.ts";
import type { TestUser } from "../../../support/users.ts";
import { eventsIn, isText, readFrom, writing } from "./writing.ts";

beforeEach(closeBreakers);
afterEach(() => vi.restoreAllMocks());

/** What a run's stream has told, as it comes. */
async function streamOf(runId: string, { headers }: TestUser) {
  const answer = await call(`/api/v1/personas/runs/${runId}/events`, { headers });
  const frames: Frame[] = [];
  const ended = (async () => {
    let rest = "";
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
        if (!field("event")) continue;
        const data = JSON.parse(field("data") ?? "{}");
        frames.push({ type: "event", id: field("id"), event: field("event"), data });
      }
    }
  })();
  return { frames, ended, reads: (text: string) => expect.poll(() => readFrom(frames)).toBe(text) };
}

describe("The stream of a run's events has its texts as well", () => {
  it("each before the event with which it ends, and without an id", async () => {
    const { begin, owner } = await writing();
    const { work, answer, correlationId } = await begin();
    const { frames, reads, ended } = await streamOf(correlationId, owner);
    const done = work();
    const { write, end } = await answer(0);
    write("Tea is ");
    await reads("Tea is ");
    write("a leaf");
    end();
    await done;
    await ended;
    expect(readFrom(frames)).toBe("Tea is a leaf");
    expect(frames.every(({ id, event }) => (id === undefined) === isText(event))).toBe(true);
    const told = eventsIn(frames);
    expect(told.findLastIndex(isText)).toBeLessThan(told.indexOf("execution.task.completed"));
    expect(told.at(-1)).toBe("execution.completed");
  });

  it("also after the hub was restarted in the middle, with no event told twice", async () => {
    const { begin, owner, hub } = await writing();
    const { work, answer, correlationId } = await begin();
    const { frames, reads, ended } = await streamOf(correlationId, owner);
    const done = work();
    const { write, end } = await answer(0);
    write("Tea is ");
    await reads("Tea is ");
    await runInDurableObject(hub, (_, ctx) => ctx.abort("as a deployment does")).catch(() => undefined);
    write("a leaf");
    await reads("Tea is a leaf");
    end();
    await done;
    await ended;
    const ids = frames.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(eventsIn(frames).at(-1)).toBe("execution.completed");
  });

  it("but not for who has no session, as with an API key: the events alone", async () => {
    const { begin, owner, clientId } = await writing();
    const { work, answer, correlationId } = await begin();
    const holder = { ...key, clientId, userId: owner.actor.userId };
    const request = { params: { correlation_id: correlationId } };
    const { output } = await perform(streamRunEvents, testPlatform(), holder, request);
    if (!output || "events" in output) throw new Error("That is no stream");
    const told: string[] = [];
    const ended = (async () => {
      for await (const frame of output) told.push("event" in frame ? frame.event : frame.type);
    })();
    const done = work();
    const { write, end } = await answer(0);
    write("Tea");
    end();
    await done;
    await ended;
    expect(told.filter(isText)).toEqual([]);
    expect(told.at(-1)).toBe("execution.completed");
  });
});
