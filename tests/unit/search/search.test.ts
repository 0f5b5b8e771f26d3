import { beforeAll, describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { begin, withPersona } from "../../support/chats.ts";
import { bodyOf, get, makeInstance, projectRun, startRun } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

interface Found {
  personas: { id: string; name: string }[];
  runs: { id: string; name: string | null; status: string }[];
  messages: { conversation_id: string; snippet: string }[];
}

const clientId = "search_everything";
let owner: TestUser;
let other: TestUser;
let instanceId: string;
let runId: string;

const find = async (q: string, user = owner) =>
  bodyOf<Found>(await get(`/api/v1/search?q=${encodeURIComponent(q)}`, user), 200);

const named = async (id: string, name: string) =>
  bodyOf(await send("PUT", `/api/v1/personas/instances/${id}`, { name }, owner.headers), 200);

beforeAll(async () => {
  const { user, instance } = await withPersona(clientId);
  owner = user;
  other = await createUser(clientId);
  instanceId = instance.id;
  await named(instanceId, "Night trains");
  runId = (await projectRun(owner, instanceId, { created_at: Date.now() })).correlation_id;
});

describe("Search over what is one's own", () => {
  it("finds personas by a part of their name, whatever its case, with their newest runs", async () => {
    expect(await find("NIGHT tr")).toEqual({
      personas: [{ id: instanceId, name: "Night trains" }],
      runs: [expect.objectContaining({ id: runId, name: "Night trains", status: "completed" })],
      messages: [],
    });
  });

  it("finds a run by its id, alone", async () => {
    const { id } = await makeInstance(owner);
    const started = await startRun(owner, id);
    const { personas, runs } = await find(started);
    expect([personas, runs]).toMatchObject([[], [{ id: started, instance_id: id, name: "Mine" }]]);
    expect((await find(started, other)).runs).toEqual([]);
  });

  it("finds what was said in conversations, by its words", async () => {
    const { conversation } = await begin(owner, instanceId, { message: "Which zeppelin goes to Porto?" });
    await expect
      .poll(async () => (await find("zeppelin")).messages)
      .toMatchObject([{ conversation_id: conversation.id, snippet: expect.stringContaining("zeppelin") }]);
    expect((await find("zeppelin", other)).messages).toEqual([]);
  });

  it("shows nobody what is another's: not by its name", async () => {
    const nothing = { personas: [], runs: [], messages: [] };
    expect(await find("night", other)).toEqual(nothing);
  });

  it("lists no persona that was deleted, whose runs are still found", async () => {
    const { id } = await makeInstance(owner);
    await named(id, "Forgotten");
    await projectRun(owner, id, { created_at: Date.now() });
    const gone = await call(`/api/v1/personas/instances/${id}`, { method: "DELETE", headers: owner.headers });
    expect(gone.ok).toBe(true);
    const { personas, runs } = await find("forgotten");
    expect([personas, runs.length]).toEqual([[], 1]);
  });

  it.each(["", "a", " a ", "x".repeat(201)])("refuses %j as too short or too long", async (q) => {
    await bodyOf(await get(`/api/v1/search?q=${encodeURIComponent(q)}`, owner), 400);
  });
});
