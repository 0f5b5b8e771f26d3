import { afterAll, expect, inject, it } from "vitest";
import { dataOf, signIn } from "#client/index.ts";
import { makeInstance } from "#scripts/demo/parts.ts";
import { demo } from "#scripts/local/options.ts";

const baseUrl = inject("baseUrl");
let token = "";
const client = await signIn(demo.accounts[1], {
  baseUrl,
  onTokens: (tokens) => {
    token = tokens.access_token;
  },
});

interface Told {
  type: string;
  event?: string;
  id?: string;
  correlation_id?: string;
  data: Record<string, unknown>;
}

/** A socket of the platform's own frames; the client library has no workflows, since its runs do more. */
async function connected() {
  const socket = new WebSocket(`${baseUrl.replace("http", "ws")}/ws`, ["bearer", token]);
  afterAll(() => socket.close());
  const heard: Told[] = [];
  socket.addEventListener("message", ({ data }) => heard.push(JSON.parse(String(data))));
  const { promise: open, resolve } = Promise.withResolvers<unknown>();
  socket.addEventListener("open", resolve);
  await open;
  const say = (frame: object) => socket.send(JSON.stringify(frame));
  const next = async (wanted: (told: Told) => boolean): Promise<Told | undefined> => {
    await expect.poll(() => heard.some(wanted), { timeout: 30_000 }).toBe(true);
    return heard.find(wanted);
  };
  return { heard, say, next };
}

it("A workflow is started on a socket by the gateway, which is another Worker than the hub's, and told of to its end", async () => {
  const persona = await makeInstance(client.api, "Copywriter");
  const { heard, say, next } = await connected();
  say({
    type: "start_workflow",
    id: "w1",
    data: { agent_instance_id: persona, parameters: { topic: "tea" } },
  });
  const end = await next(({ data }) => data.status === "completed");
  expect(end).toMatchObject({
    type: "workflow_status",
    correlation_id: "w1",
    data: { progress: 1, result: { text: expect.stringMatching(/./) } },
  });
  const shares = heard
    .filter(({ type }) => type === "workflow_status")
    .map(({ data }) => Number(data.progress));
  expect(shares).toEqual(shares.toSorted((one, other) => one - other));
  expect(shares).toContain(1 / 2);
});

it("The room of a project is opened by the gateway's word, and ends with the project", async () => {
  const { id } = dataOf(await client.api.POST("/api/v1/projects", { body: { name: crypto.randomUUID() } }));
  const { say, next } = await connected();
  say({ type: "command", event: "join_room", id: "j", data: { room: `project:${id}` } });
  expect(await next((told) => told.id === "j")).toMatchObject({ type: "response", data: { count: 1 } });
  await client.api.DELETE("/api/v1/projects/{project_id}", { params: { path: { project_id: id } } });
  await next(({ event, data }) => event === "room.ended" && data.room === `project:${id}`);
});

it("In the room of a conversation the hub tells what its object does, by a socket that the gateway has opened", async () => {
  const instance_id = await makeInstance(client.api, "Copywriter");
  const { conversation } = dataOf(await client.api.POST("/api/v1/conversations", { body: { instance_id } }));
  const { say, next } = await connected();
  say({ type: "command", event: "join_room", id: "j", data: { room: `conversation:${conversation.id}` } });
  expect(await next(({ id }) => id === "j")).toMatchObject({ type: "response", data: { count: 1 } });
  const body = { client_message_id: "m", content: "About tea?" };
  const params = { path: { conversation_id: conversation.id } };
  dataOf(await client.api.POST("/api/v1/conversations/{conversation_id}/messages", { params, body }));
  await next(({ event }) => event === "message.delta" || event === "message.snapshot");
  expect(await next(({ event }) => event === "message.completed")).toMatchObject({
    entity_id: conversation.id,
    log_seq: expect.any(Number),
  });
});
