import { afterEach, describe, expect, it, vi } from "vitest";
import { scriptedConnection, settle } from "../../support/scripted-socket.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const log = { epoch: "one", seq: 5 };
const note = (seq: number) => ({ event: "system.notification", seq, data: {} });
const gap = { event: "history.gap", data: { since: 7, oldest: 3, latest: 9 } };

/** Errors that nobody catches from now on. */
function uncaught(): unknown[] {
  const errors: unknown[] = [];
  vi.spyOn(globalThis, "queueMicrotask").mockImplementation((work) => {
    try {
      work();
    } catch (error) {
      errors.push(error);
    }
  });
  return errors;
}

describe("A connection", () => {
  it("says nothing before it is greeted, and then all that is listened to at once, also when it comes again", async () => {
    const world = await scriptedConnection();
    const { connection } = world;
    const greetedAfter = async (...patterns: string[]) => {
      world.socket.open();
      for (const pattern of patterns) connection.on(pattern, () => {});
      await settle();
      expect(world.socket.sent).toEqual([]);
      world.socket.greet(log);
      await settle();
      return world.socket.commands;
    };
    expect(await greetedAfter("execution.*", "user.*")).toEqual([
      { event: "subscribe", data: { events: ["execution.*", "user.*"], watched: [] } },
    ]);
    await world.comeAgain();
    expect(await greetedAfter("system.*")).toEqual([
      { event: "subscribe", data: { events: ["execution.*", "user.*", "system.*"], watched: [] } },
    ]);
  });

  it("is ready when what is listened to is agreed, not before, and not while it is cut", async () => {
    const world = await scriptedConnection();
    world.connection.on("system.*", () => {});
    const states: string[] = [];
    void world.connection.ready.then(() => states.push("ready"));
    world.socket.greet(log);
    await settle();
    expect(states).toEqual([]);
    world.socket.answer();
    await settle();
    expect(states).toEqual(["ready"]);
    await world.comeAgain();
    void world.connection.ready.then(() => states.push("ready again"));
    await settle();
    expect(states).toEqual(["ready"]);
  });

  it("that is closed is ready never more, and says so, whether or not it was open", async () => {
    const world = await scriptedConnection();
    const waiting = world.connection.ready;
    world.connection.close();
    await world.connection.closed;
    await expect(waiting).rejects.toMatchObject({ name: "CommandError", isRefusal: false });
    const other = await scriptedConnection();
    other.socket.greet(log);
    await other.connection.ready;
    other.connection.close();
    await other.connection.closed;
    await expect(other.connection.ready).rejects.toMatchObject({ name: "CommandError" });
  });

  it("waits for nobody who does not say goodbye", async () => {
    const world = await scriptedConnection();
    world.socket.greet(log);
    world.connection.close();
    // The socket has not ended.
    await expect(world.connection.closed).resolves.toBeUndefined();
  });

  it("that is cut before it was told what is missing of another log comes back from where it was", async () => {
    const gaps: unknown[] = [];
    const world = await scriptedConnection({
      since: { epoch: "old", seq: 7 },
      onGap: (told) => gaps.push(told),
    });
    world.socket.greet({ epoch: "new", seq: 9 });
    await world.comeAgain();
    expect(world.socket.url.search).toBe("?batch=1&since=7&epoch=old");
    world.socket.greet({ epoch: "new", seq: 9 });
    world.socket.tell(gap);
    expect(gaps).toEqual([gap.data]);
    await world.comeAgain();
    expect(world.socket.url.search).toBe("?batch=1&since=2&epoch=new");
  });

  it("tells everybody all of a batch, though one of them throws at each event, and the error is seen", async () => {
    const errors = uncaught();
    const world = await scriptedConnection();
    const heard: (number | undefined)[] = [];
    world.connection.on("system.*", () => {
      throw new Error("mine");
    });
    world.connection.on("system.*", ({ seq }) => heard.push(seq));
    world.socket.greet(log);
    world.socket.tell(note(6), note(7));
    expect(heard).toEqual([6, 7]);
    expect(errors).toEqual([new Error("mine"), new Error("mine")]);
    expect(world.connection.place).toEqual({ epoch: "one", seq: 7 });
  });

  it("tells each event once, though it comes twice", async () => {
    const world = await scriptedConnection();
    const heard: (number | undefined)[] = [];
    world.connection.on("**", ({ seq }) => heard.push(seq));
    world.socket.greet(log);
    world.socket.tell(note(6), note(6), note(7), note(6));
    expect(heard).toEqual([6, 7]);
  });

  it("says every 25 s that it is there, as the platform answers it, and comes anew where nothing is heard", async () => {
    const world = await scriptedConnection();
    world.socket.greet(log);
    await settle(10_000);
    expect(world.socket.sent).toEqual(['{"type":"ping"}']);
    world.socket.message({ type: "pong" });
    await settle(25_000);
    expect([world.socket.sent.length, world.sockets.length]).toEqual([2, 1]);
    await settle(26_000);
    expect(world.sockets).toHaveLength(2);
    // What a socket says that was given up is not heard.
    world.sockets[0]?.tell(note(6));
    expect(world.connection.place?.seq).toBe(5);
  });

  it("gives up an opening that nobody answers", async () => {
    const world = await scriptedConnection();
    world.socket.open();
    await settle(11_000);
    expect(world.sockets).toHaveLength(2);
  });

  it("that the server says it ends has ended, also where the socket has not", async () => {
    const world = await scriptedConnection();
    const heard: unknown[] = [];
    world.connection.on("connection.closed", ({ data }) => heard.push(data));
    world.socket.greet(log);
    await settle();
    world.socket.answer();
    world.socket.tell({ event: "connection.closed", data: { code: 1012, reason: "Elsewhere" } });
    await settle(1000);
    expect([heard, world.sockets.length]).toEqual([[{ code: 1012, reason: "Elsewhere" }], 2]);
  });

  it("comes again a little later each time where it is not taken", async () => {
    const world = await scriptedConnection();
    for (let failures = 1; failures <= 7; failures++) {
      world.socket.cut();
      await settle(2 ** failures * 100);
      expect(world.sockets).toHaveLength(failures + 1);
    }
    world.socket.cut();
    await settle(4000);
    expect(world.sockets).toHaveLength(8);
  });

  it("tells of a subscription that is refused, and says it no more", async () => {
    const errors = uncaught();
    const world = await scriptedConnection();
    world.connection.on("system.*", () => {});
    world.socket.greet(log);
    world.socket.answer();
    await settle();
    world.connection.on("No pattern", () => {});
    await settle();
    world.socket.answer(() => ({ type: "error", error: "Invalid command", data: { details: "No pattern" } }));
    await settle();
    expect(errors).toMatchObject([{ name: "CommandError", isRefusal: true }]);
    await world.comeAgain();
    world.socket.greet(log);
    await settle();
    expect(world.socket.commands).toEqual([
      { event: "subscribe", data: { events: ["system.*"], watched: [] } },
    ]);
  });

  it("ends where all that it says anew is refused: it would be for ever", async () => {
    const world = await scriptedConnection();
    world.connection.on("No pattern", () => {});
    world.socket.greet(log);
    await settle();
    world.socket.answer(() => ({ type: "error", error: "Invalid command", data: { details: "No pattern" } }));
    await expect(world.connection.closed).rejects.toMatchObject({ isRefusal: true });
    await expect(world.connection.ready).rejects.toMatchObject({ isRefusal: true });
  });
});

describe("An iteration over events", () => {
  it("leaves nothing behind with the connection for each of them", async () => {
    const world = await scriptedConnection();
    const events = world.connection.events("system.*");
    world.socket.greet(log);
    const then = vi.spyOn(world.connection.closed, "then");
    for (let seq = 6; seq < 10; seq++) {
      const next = events.next();
      await settle();
      world.socket.tell(note(seq));
      expect((await next).value).toMatchObject({ seq });
    }
    expect(then).not.toHaveBeenCalled();
  });

  it("ends with the connection, when all has been read that had come", async () => {
    const world = await scriptedConnection();
    const events = world.connection.events("system.*");
    world.socket.greet(log);
    world.socket.tell(note(6), note(7));
    world.connection.close();
    await settle();
    const seqs: unknown[] = [];
    for await (const { seq } of events) seqs.push(seq);
    expect(seqs).toEqual([6, 7]);
    expect(await world.connection.events("**").next()).toEqual({ done: true, value: undefined });
  });

  it("is heard no more when it is left", async () => {
    const world = await scriptedConnection();
    world.socket.greet(log);
    const events = world.connection.events("system.*");
    await settle();
    world.socket.tell(note(6));
    for await (const _ of events) break;
    await settle();
    expect(world.socket.commands.at(-1)).toEqual({ event: "unsubscribe", data: { events: ["system.*"] } });
  });
});

describe("A text that somebody watches", () => {
  const delta = (offset: number, text: string) => ({
    event: "execution.delta",
    entity_id: "run",
    data: { correlation_id: "run", step: "write", task_id: "task", attempt: 1, offset, text },
  });

  it("is one subscription, and what is missing of it is asked for once until it comes", async () => {
    const world = await scriptedConnection();
    const texts: string[] = [];
    world.connection.onText("run", ({ text }) => texts.push(text));
    world.socket.greet(log);
    await settle();
    world.socket.answer();
    world.socket.tell(delta(5, "late"), delta(9, "later"));
    await settle();
    expect(world.socket.commands).toEqual([
      {
        event: "subscribe",
        data: { events: [], watched: [{ entity_id: "run", events: ["execution.delta"] }] },
      },
      { event: "sync", data: { run: "run" } },
    ]);
    world.socket.tell({ ...delta(0, "Some late later"), event: "execution.snapshot" });
    world.socket.answer();
    await settle();
    world.socket.tell(delta(99, "lost"));
    await settle();
    expect(world.socket.commands).toHaveLength(3);
    expect(texts).toEqual(["Some late later"]);
  });
});
