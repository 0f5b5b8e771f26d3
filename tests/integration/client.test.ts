import { afterAll, describe, expect, inject, it } from "vitest";
import { dataOf, type Gap, PersonaError, personaClient, type Run, RunError, signIn } from "#client/index.ts";
import { makeInstance } from "#scripts/demo/parts.ts";
import { demo } from "#scripts/local/options.ts";
import { cuttable } from "../support/cuttable.ts";

const way = await cuttable(inject("baseUrl"));
const { baseUrl } = way;
afterAll(way.close);

const client = await signIn(demo.accounts[1], { baseUrl });
const execute = async (template: string, topic = "tea") =>
  client.runs.execute(await makeInstance(client.api, template), { input: { topic } });

/** The numbers of what a run has told, as the log has them. */
async function numbersOf(run: Run): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id, event } of run.events()) if (id && !isText(event)) ids.push(id);
  return ids;
}

/** The number in an id `<epoch>.<seq>`. */
const numberIn = (id: string): string => id.slice(id.lastIndexOf(".") + 1);

const isText = (event: string) => /^execution\.(snapshot|delta|reset)$/.test(event);

const texts = (steps: { name: string; tasks?: { completed?: number }; output?: unknown }[]) =>
  Object.fromEntries(
    steps.flatMap(({ name, tasks, output }) =>
      tasks?.completed && typeof output === "object" && output !== null && "text" in output
        ? [[name, output.text]]
        : [],
    ),
  );

describe("A run", () => {
  it("tells every event once and in order, though the connection is cut after each", async () => {
    const run = await execute("Illustrated article");
    const heard: string[] = [];
    for await (const { id, event } of run.events()) {
      if (!isText(event) && id) heard.push(id);
      way.cut();
      if (event === "execution.paused") await run.approve({ step: "approve" });
    }
    expect(heard).toEqual(await numbersOf(run));
    expect(heard.length).toBeGreaterThan(5);
  });

  it("goes on after an event that another reader has had", async () => {
    const run = await execute("Copywriter");
    await run.result();
    const all = await numbersOf(run);
    const rest: string[] = [];
    for await (const { id } of run.events({ since: all[0] })) if (id) rest.push(id);
    expect(rest).toEqual(all.slice(1));
  });

  it("shows its texts as they are stored, with the connection cut at every piece", async () => {
    const run = await execute("Researcher");
    const read: Record<string, string> = {};
    for await (const { step, text, added } of run.text()) {
      expect(added === undefined || text.endsWith(added)).toBe(true);
      read[step] = text;
      way.cut();
    }
    const { steps } = await run.view();
    expect(read).toEqual(texts(steps));
    expect(Object.keys(read)).not.toEqual([]);
  });

  it("comes to its result, also after it has waited for a person", async () => {
    const run = await execute("Illustrated article");
    const result = run.result();
    for await (const { event } of run.events()) if (event === "execution.paused") break;
    await run.approve({ feedback: "Good" });
    expect(await result).toMatchObject({ status: "completed", correlation_id: run.id });
  });

  it("that fails says why", async () => {
    const run = await execute("Copywriter", "tea #refusal");
    const refused = await run.result().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RunError);
    expect(refused).toMatchObject({ run: { status: "failed", error: { code: "AI_SERVICE_ERROR" } } });
  });

  it("that nobody may see, or that waits for nobody, is a refusal with its code", async () => {
    const strange = client.runs.of("0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c");
    await expect(strange.result()).rejects.toMatchObject({ status: 404, code: "NOT_FOUND" });
    await expect(strange.events().next()).rejects.toBeInstanceOf(PersonaError);
    const run = await execute("Copywriter");
    await run.result();
    await expect(run.approve()).rejects.toMatchObject({ status: 409 });
  });

  it("is begun once for a key", async () => {
    const id = await makeInstance(client.api, "Copywriter");
    const execution = { input: { topic: "tea" }, idempotencyKey: crypto.randomUUID() };
    const [one, other] = await Promise.all([
      client.runs.execute(id, execution),
      client.runs.execute(id, execution),
    ]);
    expect(one.id).toBe(other.id);
  });

  it("is followed no longer when the signal says so", async () => {
    const run = await execute("Illustrated article");
    const reason = new Error("enough");
    const stop = new AbortController();
    const follow = async () => {
      for await (const { event } of run.events({ signal: stop.signal }))
        if (event === "execution.paused") stop.abort(reason);
    };
    await expect(follow()).rejects.toBe(reason);
    await run.reject();
  });
});

describe("A connection", () => {
  it("hears every event once and in order, though it is cut at each, and says how it stands", async () => {
    const states: string[] = [];
    const socket = client.realtime.connect({ onState: (state) => states.push(state) });
    const events = socket.events("execution.*");
    await socket.ready;
    const run = await execute("Illustrated article");
    const read: Record<string, string> = {};
    socket.onText(run.id, ({ step, text }) => {
      read[step] = text;
    });
    const heard: string[] = [];
    for await (const { event, seq, entity_id } of events) {
      if (entity_id !== run.id || seq === undefined) continue;
      heard.push(String(seq));
      if (event === "execution.completed") break;
      way.cut();
      if (event === "execution.paused") await run.approve({ step: "approve" });
    }
    socket.close();
    await socket.closed;
    const all: string[] = [];
    for await (const { id, event } of run.events())
      if (id && /^execution\.[a-z]+$/.test(event) && !isText(event)) all.push(numberIn(id));
    expect(heard).toEqual(all);
    expect(states.filter((state) => state === "open").length).toBeGreaterThan(1);
    expect(states.at(-1)).toBe("closed");
    const { steps } = await run.view();
    for (const [step, text] of Object.entries(read)) expect(texts(steps)[step]).toContain(text.slice(0, 10));
  });

  it("that was at another log is told what is missing, and goes on from the oldest that there is", async () => {
    const gaps: Gap[] = [];
    const socket = client.realtime.connect({
      since: { epoch: "another", seq: 1_000_000 },
      onGap: (gap) => gaps.push(gap),
    });
    const events = socket.events("execution.*");
    const run = await execute("Copywriter");
    for await (const { event, entity_id } of events)
      if (entity_id === run.id && event === "execution.completed") break;
    expect(gaps).toEqual([expect.objectContaining({ since: 1_000_000 })]);
    expect(socket.place?.epoch).not.toBe("another");
    socket.close();
  });

  it("hears of what one thing alone does, and no more once it has stopped", async () => {
    const socket = client.realtime.connect();
    const mine: string[] = [];
    const run = await execute("Illustrated article");
    const stop = socket.on("execution.paused", ({ entity_id }) => mine.push(entity_id ?? ""), {
      entityId: run.id,
    });
    await socket.ready;
    await execute("Illustrated article");
    await expect.poll(() => mine).toEqual([run.id]);
    stop();
    socket.close();
    await run.reject();
  });

  it("is in its rooms again when it comes back, without having been away", async () => {
    const other = (await signIn(demo.accounts[0], { baseUrl: inject("baseUrl") })).realtime.connect();
    const socket = client.realtime.connect();
    const [seen, heard]: [string[], unknown[]] = [[], []];
    await other.join("tea", { onPresence: ({ status }) => seen.push(status) });
    const room = await socket.join("tea", { onMessage: ({ data }) => heard.push(data) });
    await room.send({ cups: 1 });
    way.cut();
    // Which a room does by itself, once the cut is noticed.
    await expect
      .poll(() =>
        room.send({ cups: 2 }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await expect.poll(() => heard).toEqual([{ cups: 1 }, { cups: 2 }]);
    expect(await room.present()).toHaveLength(2);
    expect(seen.filter((status) => status === "left")).toEqual([]);
    await room.leave();
    await expect.poll(() => seen).toContain("left");
    await expect(socket.join(`run:${crypto.randomUUID()}`)).rejects.toMatchObject({ isRefusal: true });
    for (const one of [socket, other]) one.close();
  });

  it("ends with the session, and says so", async () => {
    const another = await signIn(demo.accounts[1], { baseUrl });
    const socket = another.realtime.connect();
    await socket.ready;
    dataOf(await another.api.POST("/api/v1/auth/logout"));
    await expect(socket.closed).rejects.toMatchObject({ status: 401 });
  });

  it("of somebody without a session does not come about", async () => {
    const socket = personaClient({ baseUrl, token: "nonsense" }).realtime.connect();
    await expect(socket.closed).rejects.toMatchObject({ status: 401 });
    await expect(socket.ready).rejects.toMatchObject({ status: 401 });
  });
});

describe("A session", () => {
  it("is carried on with one trade, however many calls find it outdated", async () => {
    const { email, password } = demo.accounts[1];
    const { api } = personaClient({ baseUrl });
    const tokens = dataOf(await api.POST("/api/v1/auth/login", { body: { email, password } }));
    let trades = 0;
    const kept: unknown[] = [];
    const carried = personaClient({
      baseUrl,
      token: { ...tokens, expires_in: 0 },
      onTokens: (pair) => kept.push(pair),
      fetch: (request) => {
        if (request.url.endsWith("/refresh")) trades++;
        return fetch(request);
      },
    });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => carried.api.GET("/api/v1/auth/session")),
    );
    expect(answers.map(({ response }) => response.status)).toEqual(Array(10).fill(200));
    expect([trades, kept.length]).toEqual([1, 1]);
  });
});
