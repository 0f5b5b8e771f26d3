import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { closeBreakers } from "../../../support/breakers.ts";
import type { Frame } from "../../../support/sockets.ts";
import { createUserWithSession } from "../../../support/users.ts";
import { eventsIn, isText, readFrom, writing } from "./writing.ts";

beforeEach(closeBreakers);
afterEach(() => vi.restoreAllMocks());

interface Objects {
  hub: DurableObjectStub;
  workflows: DurableObjectStub;
}

const completed = ({ event }: Frame) => event === "execution.completed";

describe("The text of a step, as it is being written,", () => {
  it("comes to who watches from the beginning: a snapshot, then deltas, then the event of its end", async () => {
    const { begin, watch } = await writing();
    const { frames, reads, next } = await watch();
    const { work, answer, view, correlationId } = await begin();
    const done = work();
    const { write, end } = await answer(0);
    write("Tea is ");
    await reads("Tea is ");
    // A provider cuts where it likes.
    write("a leaf \ud83c");
    write("\udf43");
    end();
    await done;
    await next(completed);
    expect(readFrom(frames)).toBe("Tea is a leaf 🍃");
    expect((await view()).steps[0]?.output).toMatchObject({ text: "Tea is a leaf 🍃" });
    const texts = frames.filter(({ event }) => isText(event));
    expect(texts[0]).toMatchObject({
      type: "event",
      event: "execution.snapshot",
      entity_id: correlationId,
      data: {
        correlation_id: correlationId,
        step: "write",
        task_id: `${correlationId}.write.main`,
        attempt: 1,
        offset: 0,
      },
    });
    expect(texts.some((frame) => "seq" in frame)).toBe(false);
    const told = eventsIn(frames);
    expect(told.findLastIndex(isText)).toBeLessThan(told.lastIndexOf("execution.progress"));
  });

  it("comes whole to who begins to watch within it; before that it costs one call", async () => {
    const { begin, watch, published } = await writing();
    const { work, answer } = await begin();
    const done = work();
    const { write, end } = await answer(0);
    write("Tea is ");
    await expect.poll(() => published.mock.settledResults.length).toBe(1);
    write("a leaf");
    const { reads, frames } = await watch();
    await reads("Tea is a leaf");
    expect(eventsIn(frames)).toContain("execution.snapshot");
    write(", dried");
    await reads("Tea is a leaf, dried");
    end();
    await done;
  });

  it("costs one call where nobody watches, and is stored nowhere but in what it comes to", async () => {
    const { begin, published, clientId } = await writing();
    const { work, answer, tenant, view } = await begin();
    const done = work();
    const { write, end } = await answer(0);
    for (let count = 0; count < 200; count++) write("word ");
    end();
    await done;
    expect(published).toHaveBeenCalledTimes(1);
    expect((await view()).status).toBe("completed");
    const { events } = await tenant.readEvents({ since: 0, limit: 500 });
    expect(events.map(({ event }) => event).filter(isText)).toEqual([]);
    const logged = await runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), (_, { storage }) =>
      JSON.stringify(storage.sql.exec("SELECT * FROM events").toArray()),
    );
    expect(logged.split("word word").length - 1).toBeLessThanOrEqual(100);
  });

  it("comes to several sockets, each from where it began to watch", async () => {
    const { begin, watch } = await writing();
    const first = await watch();
    const { work, answer } = await begin();
    const done = work();
    const { write, end } = await answer(0);
    write("Tea ");
    await first.reads("Tea ");
    const second = await watch();
    await second.reads("Tea ");
    write("and milk");
    await first.reads("Tea and milk");
    await second.reads("Tea and milk");
    first.socket.close();
    write(", no sugar");
    await second.reads("Tea and milk, no sugar");
    end();
    await done;
  });

  it("goes on after the hub was evicted in the middle of it, for who watched and for who comes then", async () => {
    const { begin, watch, hub } = await writing();
    const { reads } = await watch();
    const { work, answer } = await begin();
    const done = work();
    const { write, end } = await answer(0);
    write("Tea is ");
    await reads("Tea is ");
    await evictDurableObject(hub);
    const late = await watch();
    write("a leaf");
    await reads("Tea is a leaf");
    await late.reads("Tea is a leaf");
    end();
    await done;
  });

  it.each([
    // Its sockets and the calls that wait at it end as well.
    [
      "the hub was restarted",
      ({ hub }: Objects) =>
        runInDurableObject(hub, (_, ctx) => ctx.abort("as a deployment does")).catch(() => undefined),
    ],
    ["the tenant's object was evicted", ({ workflows }: Objects) => evictDurableObject(workflows)],
  ])("comes whole to who begins to watch after %s, with no further word of the provider", async (_, lose) => {
    const { begin, watch, hub, clientId, published } = await writing();
    const { work, answer } = await begin();
    const done = work();
    const { write, end } = await answer(0);
    write("Tea is a leaf");
    await expect.poll(() => published.mock.settledResults.length).toBe(1);
    await lose({ hub, workflows: env.TENANT_WORKFLOWS.getByName(clientId) });
    const { reads, frames } = await watch();
    await reads("Tea is a leaf");
    // It waits for nothing: the first that is sent is all of it.
    expect(frames.filter(({ event }) => isText(event)).map(({ event }) => event)).toEqual([
      "execution.snapshot",
    ]);
    end();
    await done;
  });

  it("begins anew when the provider is asked again", async () => {
    const { begin, watch } = await writing({ retry: { max_attempts: 2, delay_ms: 1 } });
    const { frames, reads } = await watch();
    const { work, answer, view } = await begin();
    const done = work();
    const broken = await answer(0);
    broken.write("Coffee is ");
    await reads("Coffee is ");
    broken.break();
    const { write, end } = await answer(1);
    write("Tea");
    await reads("Tea");
    expect(eventsIn(frames)).toContain("execution.reset");
    end();
    await done;
    expect((await view()).steps[0]?.output).toMatchObject({ text: "Tea" });
  });

  it("begins anew with another attempt of its task, whatever the one before still says", async () => {
    const { begin, watch } = await writing({ retry: { max_attempts: 2, delay_ms: 1 } });
    const { frames, reads, next, subscribe } = await watch();
    await subscribe("execution.**");
    const { work, answer, view, tenant, correlationId } = await begin();
    const [task, first] = [`${correlationId}.write.main`, work()];
    const stalled = await answer(0);
    stalled.write("Coffee is ");
    await reads("Coffee is ");
    await tenant.failTask(task, 1, { error: { code: "AI_SERVICE_ERROR", message: "No", retryable: true } });
    await next(({ event, data }) => event === "execution.task.dispatched" && data?.attempt === 2);
    const second = work(2);
    const { write, end } = await answer(1);
    write("Tea");
    await reads("Tea");
    stalled.write("a bean");
    write(" is a leaf");
    await reads("Tea is a leaf");
    end();
    await second;
    expect(frames.filter(({ event }) => event === "execution.reset")).toMatchObject([
      { data: { attempt: 2 } },
    ]);
    expect((await view()).steps[0]?.output).toMatchObject({ text: "Tea is a leaf" });
    stalled.end();
    await first;
    await reads("Tea is a leaf");
  });

  it("is heard by its owner and by administrators, and by nobody else", async () => {
    const { begin, watch, clientId } = await writing();
    const admin = await watch(await createUserWithSession(clientId, { role: "admin" }));
    const others = [
      await watch(await createUserWithSession(clientId)),
      await watch(await createUserWithSession(clientId, { role: "moderator" })),
    ];
    const { work, answer } = await begin();
    const done = work();
    const { write, end } = await answer(0);
    write("Tea");
    await admin.reads("Tea");
    end();
    await done;
    for (const { frames } of others) expect(eventsIn(frames)).toEqual([]);
  });

  it("is shown anew to who asks with sync", async () => {
    const { begin, watch } = await writing();
    const { frames, reads, send, next } = await watch();
    const { work, answer, correlationId } = await begin();
    const done = work();
    const { write, end } = await answer(0);
    write("Tea");
    await reads("Tea");
    const before = frames.length;
    send({ type: "command", event: "sync", id: "again", data: { run: correlationId } });
    await next(({ event, id }) => event === "sync" && id === "again");
    expect(frames.slice(before).map(({ event, data }) => [event, data?.text])).toEqual([
      ["execution.snapshot", "Tea"],
      ["sync", undefined],
    ]);
    end();
    await done;
  });
});

describe("A hub that is in trouble", () => {
  it.each([
    ["talks nonsense", async () => []],
    ["never answers", () => new Promise<never>(() => {})],
  ])("delays and fails no task: it %s", async (_, trouble) => {
    const { begin, watch, published } = await writing();
    await watch();
    published.mockImplementation(trouble);
    const { work, answer, view } = await begin();
    const done = work();
    const { write, end } = await answer(0);
    write("Tea");
    end();
    await done;
    expect((await view()).status).toBe("completed");
  });
});
