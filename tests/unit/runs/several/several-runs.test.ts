import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { send } from "#tests/support/api.ts";
import { bodyOf, get, makeInstance, startRun } from "#tests/support/personas.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";

interface Outcomes {
  outcomes: {
    id: string;
    is_done: boolean;
    new_id: string | null;
    refusal: { code: string; message: string } | null;
  }[];
  done: number;
}

const path = "/api/v1/personas/runs";

const stop = (user: TestUser, ids: readonly string[]) =>
  send("POST", `${path}/stop`, { ids }, user.headers).then((answer) => bodyOf<Outcomes>(answer, 200));
const rerun = (user: TestUser, ids: readonly string[], key?: string) =>
  send("POST", `${path}/rerun`, { ids }, { ...user.headers, ...(key && { "idempotency-key": key }) });
const runOf = async (user: TestUser, id: string) =>
  bodyOf<{ status: string; input: unknown; instance_id: string }>(await get(`${path}/${id}`, user), 200);

async function somebodyWithRuns(clientId: string, topics: readonly string[]) {
  const user = await createUser(clientId);
  const { id: instanceId } = await makeInstance(user);
  const ids: string[] = [];
  for (const topic of topics) ids.push(await startRun(user, instanceId, { input: { topic } }));
  return { user, instanceId, ids };
}

describe("Stopping several runs", () => {
  it("cancels each once, and says of each what came of it", async () => {
    const { user, ids } = await somebodyWithRuns("several_stopped", ["tea", "coffee"]);
    const [first = "", second = ""] = ids;
    const { outcomes, done } = await stop(user, [first, second, first]);
    expect(outcomes).toEqual([
      { id: first, is_done: true, new_id: null, refusal: null },
      { id: second, is_done: true, new_id: null, refusal: null },
    ]);
    expect(done).toBe(2);
    expect((await runOf(user, first)).status).toBe("cancelled");
    expect((await runOf(user, second)).status).toBe("cancelled");
  });

  it("does what it can, where others refuse: those that are over, nobody's, and other people's", async () => {
    const { user, ids } = await somebodyWithRuns("several_refused", ["tea", "coffee"]);
    const [over = "", open = ""] = ids;
    await stop(user, [over]);
    const stranger = await somebodyWithRuns("several_refused", ["milk"]);
    const [theirs = ""] = stranger.ids;
    const { outcomes, done } = await stop(user, [over, theirs, uuidv7(), open]);
    expect(outcomes.map(({ refusal }) => refusal?.code)).toEqual([
      "CONFLICT",
      "NOT_FOUND",
      "NOT_FOUND",
      undefined,
    ]);
    expect(done).toBe(1);
    expect((await runOf(stranger.user, theirs)).status).toBe("running");
  });

  it("takes at most a hundred", async () => {
    const user = await createUser("several_bounds");
    const ids = Array.from({ length: 101 }, () => uuidv7());
    expect((await send("POST", `${path}/stop`, { ids }, user.headers)).status).toBe(400);
    expect((await send("POST", `${path}/stop`, { ids: [] }, user.headers)).status).toBe(400);
  });
});

describe("Executing several runs again", () => {
  it("begins a run for each, of the same persona with the same input", async () => {
    const { user, instanceId, ids } = await somebodyWithRuns("several_again", ["tea", "coffee"]);
    const { outcomes, done } = await bodyOf<Outcomes>(await rerun(user, ids), 200);
    expect(done).toBe(2);
    const again = await Promise.all(outcomes.map(({ new_id }) => runOf(user, String(new_id))));
    expect(again).toMatchObject([
      { instance_id: instanceId, input: { topic: "tea" } },
      { instance_id: instanceId, input: { topic: "coffee" } },
    ]);
    expect(outcomes.every(({ id, new_id }) => ids.includes(id) && !ids.includes(String(new_id)))).toBe(true);
  });

  it("begins each once for a key, however often it is asked with it", async () => {
    const { user, ids } = await somebodyWithRuns("several_once", ["tea"]);
    const first = await rerun(user, ids, "the-key");
    const second = await rerun(user, ids, "the-key");
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(await bodyOf<Outcomes>(second, 200)).toEqual(await bodyOf<Outcomes>(first, 200));
  });

  it("refuses other people's runs as though there were none", async () => {
    const { ids } = await somebodyWithRuns("several_theirs", ["tea"]);
    const user = await createUser("several_theirs", { role: "admin" });
    const { outcomes } = await bodyOf<Outcomes>(await rerun(user, ids), 200);
    expect(outcomes).toMatchObject([{ is_done: false, new_id: null, refusal: { code: "NOT_FOUND" } }]);
  });
});
