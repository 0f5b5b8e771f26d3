import { beforeAll, describe, expect, it, vi } from "vitest";
import { call, send } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { begin, newest, runOf, type Speaker, tellLists, work } from "../../support/chats.ts";
import { tenantObject } from "../../support/objects.ts";
import { allOperations, type Operation } from "../../support/operations.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { sandboxBinding } from "../../support/tasks.ts";
import { createUserWithSession, type TestUser, tokenFor } from "../../support/users.ts";
import { visit, withWidget } from "../../support/widgets.ts";

const clientId = "chat_canaries";
const root = "/api/v1/conversations";

/** Who talks with one and the same persona: two users of its tenant, and a visitor of its widget. */
const talkers = ["ada", "bob", "vic"] as const;
type Talker = (typeof talkers)[number];

/** What there is of each of them; of each kind there is a word that stands nowhere else. */
const kinds = ["title", "said", "file", "asked", "comment", "note", "memory", "profile"] as const;
type Kind = (typeof kinds)[number];
const word = (of: Talker, kind: Kind) => `CANARY${of}${kind}`.toUpperCase();
const words = talkers.flatMap((of) => kinds.map((kind) => ({ of, kind, text: word(of, kind) })));

/** Who reads, and what of whom they may come upon. */
const readers: Record<string, (of: Talker, kind: Kind) => boolean> = {
  ada: (of, kind) => of === "ada" && kind !== "note",
  bob: (of, kind) => of === "bob" && kind !== "note",
  vic: (of, kind) => of === "vic" && kind !== "note",
  "the persona's owner": () => false,
  "a user of the same tenant": () => false,
  "a moderator": () => true,
  "the tenant's administrator": () => true,
  "another tenant's user": () => false,
  "another tenant's moderator": () => false,
  "another tenant's administrator": () => false,
};

interface Asking {
  headers: Record<string, string>;
  /** A user; a visitor is none. */
  actor?: TestUser["actor"];
}

const asking: Record<string, Asking> = {};
const things: Record<string, Record<string, string>> = {};
/** What the model was told in the turn of each. */
const told: Record<string, string> = {};

/** Has somebody say something of every kind. @returns ids of what is theirs, by the names of path parameters */
async function talk(name: Talker, { headers }: Speaker, instanceId: string, personId: string) {
  const consent = { personalisation: true };
  await bodyOf(await send("PUT", "/api/v1/user/consents", consent, headers), 200);
  const profile = { conversation_preferences: { topics: [word(name, "profile")] } };
  await bodyOf(await send("POST", "/api/v1/personalization/user-profile", profile, headers), 201);
  await tenantObject(clientId).putMemory(
    instanceId,
    {
      owner: `${name === "vic" ? "visitor" : "user"}:${personId}`,
      type: "note",
      content: `${word(name, "memory")} likes oolong`,
      metadata: {},
    },
    1000,
  );
  const { conversation } = await begin({ headers }, instanceId, { title: word(name, "title") });
  const path = `${root}/${conversation.id}`;
  const upload = await call(`${path}/attachments`, {
    method: "POST",
    headers: { ...headers, "content-type": "text/plain", "x-file-name": `${word(name, "file")}.txt` },
    body: `${word(name, "file")} stands in it`,
  });
  const file = await bodyOf<{ id: string }>(upload, 201);
  const query = JSON.stringify({ query: `${word(name, "asked")} oolong` });
  const content = `${word(name, "said")}: call \`search_memory\` with ${query}`;
  const message = { client_message_id: "m-1", content, attachments: [file.id] };
  await bodyOf(await send("POST", `${path}/messages`, message, headers), 201);
  const asked = sandboxBinding();
  await work(clientId, conversation.id, { key: "m0", asked });
  const goOn = async () => (await work(clientId, conversation.id, { key: "m1", asked })).view?.status;
  await vi.waitUntil(async () => (await goOn()) === "completed", { timeout: 10_000 });
  told[name] = asked.bodies.join("\n");
  const answer = await newest({ headers }, conversation.id);
  expect(answer).toMatchObject({ role: "assistant", status: "complete" });
  const rating = { rating: "down", comment: word(name, "comment") };
  await bodyOf(await send("PUT", `${path}/messages/${answer.id}/feedback`, rating, headers), 200);
  return {
    conversation_id: conversation.id,
    message_id: answer.id,
    attachment_id: file.id,
    correlation_id: await runOf(clientId, conversation.id),
    instance_id: instanceId,
    user_id: personId,
  };
}

let readings: Operation[];

beforeAll(async () => {
  await closeBreakers();
  const { owner, staff, instance, widget } = await withWidget(clientId, {
    chat: { tools: ["search_memory", "remember"], personalisation: "full" },
  });
  const visitor = await visit(widget.key);
  const user = (over = {}, tenant = clientId) => createUserWithSession(tenant, over);
  const people = { ada: await user(), bob: await user() };
  Object.assign(asking, {
    ...people,
    vic: visitor,
    "the persona's owner": owner,
    "a user of the same tenant": await user(),
    "a moderator": staff,
    "the tenant's administrator": await user({ role: "admin" }),
    "another tenant's user": await user({}, `${clientId}_other`),
    "another tenant's moderator": await user({ role: "moderator" }, `${clientId}_other`),
    "another tenant's administrator": await user({ role: "admin" }, `${clientId}_other`),
  });
  things.ada = await talk("ada", people.ada, instance.id, people.ada.actor.userId);
  things.bob = await talk("bob", people.bob, instance.id, people.bob.actor.userId);
  things.vic = await talk("vic", visitor, instance.id, visitor.visitor_id);
  for (const name of talkers) {
    const id = present(things[name]?.conversation_id);
    const note = { client_message_id: "n", content: word(name, "note"), visibility: "internal" };
    const path = `/api/v1/admin/conversations/${id}/messages`;
    await bodyOf(await send("POST", path, note, staff.headers), 201);
    await tellLists(clientId, id);
  }
  readings = (await allOperations()).filter(({ method, path }) => method === "GET" && !/\/ws$/.test(path));
});

interface Read {
  address: string;
  status: number;
  text: string;
}

const parametersOf = ({ pathParameters }: Operation) =>
  pathParameters.map((place) => place.slice(place.indexOf("{") + 1, -1));

/** The address of a reading, asking for the words wherever something can be asked for. */
function addressOf(operation: Operation, ids: Record<string, string>): string {
  const url = new URL(operation.address(ids), "https://platform.test");
  for (const name of ["q", "query", "search"])
    if (url.searchParams.has(name)) url.searchParams.set(name, "CANARY");
  return `${url.pathname}${url.search}`;
}

/** A token that streams soon end with, as they would never end by themselves. */
async function endingSoon({ headers, actor }: Asking) {
  if (!actor) return undefined;
  return { ...headers, authorization: `Bearer ${await tokenFor(actor, Date.now() - 3_602_000)}` };
}

const reads = new Map<string, Promise<Read[]>>();

/** All that somebody is answered who asks for everything that there is to read of anybody. */
function everythingRead(who: string): Promise<Read[]> {
  const read = reads.get(who) ?? readEverything(who);
  reads.set(who, read);
  return read;
}

async function readEverything(who: string): Promise<Read[]> {
  const reader = present(asking[who]);
  const found: Read[] = [];
  const asked = new Set<string>();
  for (const name of talkers)
    for (const operation of readings) {
      const ids = present(things[name]);
      if (!parametersOf(operation).every((parameter) => ids[parameter] !== undefined)) continue;
      const address = addressOf(operation, ids);
      if (asked.has(address)) continue;
      asked.add(address);
      const isStream = /\/(events|stream)$/.test(operation.path);
      const headers = isStream ? await endingSoon(reader) : reader.headers;
      if (!headers && name === who) continue;
      const answer = await call(address, { headers: headers ?? reader.headers });
      found.push({ address, status: answer.status, text: await answer.text() });
    }
  return found;
}

/** The words in a text that a reader may not come upon. */
const unduly = (text: string, may: (of: Talker, kind: Kind) => boolean): string[] =>
  words.flatMap((each) => (text.includes(each.text) && !may(each.of, each.kind) ? [each.text] : []));

describe("No text of one person reaches another (invariant 13):", () => {
  it.each(Object.keys(readers))("whatever there is to read, %s", async (who) => {
    const read = await everythingRead(who);
    expect(read.length).toBeGreaterThan(50);
    const leaks = read.flatMap(({ address, text }) =>
      unduly(text, present(readers[who])).map((found) => `${found} in ${address}`),
    );
    expect(leaks).toEqual([]);
  });

  it.each(talkers)("the words are there to be found: %s reads their own", async (who) => {
    const all = (await everythingRead(who)).map(({ text }) => text).join("\n");
    const own = words.filter(({ of, kind }) => of === who && kind !== "note");
    expect(own.filter(({ text }) => !all.includes(text)).map(({ text }) => text)).toEqual([]);
  });

  it("the persona's owner sees the runs of all answers, as they went", async () => {
    const read = await everythingRead("the persona's owner");
    for (const name of talkers) {
      const tasks = `/api/v1/personas/runs/${things[name]?.correlation_id}/tasks`;
      expect(read.find(({ address }) => address === tasks)?.status).toBe(200);
    }
  });

  it.each(talkers)("what the model is told in the turn of %s is theirs", (who) => {
    expect(told[who]).toContain(word(who, "said"));
    expect(told[who]).toContain(word(who, "file"));
    expect(unduly(present(told[who]), (of, kind) => of === who && kind !== "note")).toEqual([]);
  });

  it.each(Object.keys(readers))("no socket of another's opens to %s", async (who) => {
    const may = present(readers[who]);
    for (const name of talkers) {
      if (who === name) continue;
      const path = `${root}/${things[name]?.conversation_id}/ws`;
      const { status, webSocket } = await call(path, {
        headers: { ...asking[who]?.headers, upgrade: "websocket" },
      });
      webSocket?.accept();
      webSocket?.close();
      expect(status, `${who} at ${name}'s`).toBe(404);
      expect(may).toBeDefined();
    }
  });

  it.each(["ada", "the persona's owner", "another tenant's administrator"])(
    "no export but the staff's, not even what is asked for by name: %s",
    async (who) => {
      const ids = talkers.flatMap((name) => (name === who ? [] : [present(things[name]?.conversation_id)]));
      const body = { conversation_ids: ids, format: "json", branch: "all" };
      const answer = await send("POST", "/api/v1/admin/conversations/export", body, asking[who]?.headers);
      expect(unduly(await answer.text(), () => false)).toEqual([]);
    },
  );
});
