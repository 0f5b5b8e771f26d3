import { z } from "zod";
import { apiClient, dataOf } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";
import type { Extent } from "./extent.ts";
import { byTurns } from "./load.ts";
import { arePeersInstalled, type Peer, startPeer } from "./peers.ts";
import { type BenchPlatform, startPlatform } from "./platform.ts";
import { atLeast, atMost, type Finding, milliseconds, perSecond } from "./report.ts";
import { type BenchSession, startSession } from "./session.ts";

const heardSchema = z.object({ median: z.number(), perSecond: z.number(), heardPerSecond: z.number() });
type Heard = z.infer<typeof heardSchema>;

/** How somebody is at a conversation. */
type Part = "owner" | "staff" | "colleague";

interface Scenario {
  /** Conversations that are talked in at once. */
  conversations: number;
  /** Who is at each of them; the first one writes. */
  parts: readonly Part[];
  /** Messages in all, and those of each writer that are on their way at once. */
  messages: number;
  inFlight: number;
}

const two: readonly Part[] = ["owner", "staff"];
/** A person has 20 sockets at a conversation, and the staff 80. */
const fifty: readonly Part[] = (["owner", "staff", "colleague"] as const)
  .flatMap((part) => Array.from({ length: 20 }, () => part))
  .slice(0, 50);

/** What a socket of a conversation is opened with. */
interface Opening {
  url: string;
  path: string;
  conversation: string;
  token?: string;
  as: "owner" | "staff";
}

/** Clients of a server, in a process of their own. */
interface Contender {
  clients: Peer;
  stop(): void;
}

const names = ["platform", "bare", "peer"] as const;

/** Talking: the same clients of socket.io at the platform, at an object that only stores and tells, and at Express. */
export async function benchChats(extent: Extent): Promise<Finding[]> {
  if (!arePeersInstalled()) return [];
  // Of its own: a gateway without limits is the one that conversations ask as well.
  const platform = await startPlatform({ settings: { RATE_LIMITS: "off" } });
  try {
    return await talked(platform, await startSession(platform), extent);
  } finally {
    await platform.stop();
  }
}

async function talked(
  platform: BenchPlatform,
  session: BenchSession,
  { rounds, turns }: Extent,
): Promise<Finding[]> {
  const { url } = platform;
  const owner = await talker(url);
  const scenarios = {
    alone: { conversations: 1, parts: two, messages: rounds, inFlight: 1 },
    busy: { conversations: 1, parts: two, messages: rounds * 10, inFlight: 20 },
    many: { conversations: 1, parts: fifty, messages: rounds * 4, inFlight: 5 },
    side: { conversations: 50, parts: two, messages: 50 * Math.ceil(rounds / 3), inFlight: 1 },
  } satisfies Record<string, Scenario>;
  const measured = async (scenario: Scenario) => {
    const contenders = await contendersOf(platform, session, owner, scenario);
    const writers = Array.from(
      { length: scenario.conversations },
      (_, index) => index * scenario.parts.length,
    );
    const send = { writers, messages: scenario.messages, inFlight: scenario.inFlight };
    const talk = (name: (typeof names)[number]) => () => contenders[name].clients.ask({ send }, heardSchema);
    try {
      for (const name of names) await talk(name)();
      return await byTurns(
        { platform: talk("platform"), bare: talk("bare"), peer: talk("peer") },
        { turns: Math.max(turns, 5), rate: (heard: Heard) => heard.perSecond },
      );
    } finally {
      for (const { stop } of Object.values(contenders)) stop();
    }
  };
  const findings: Finding[] = [];
  const alone = await measured(scenarios.alone);
  findings.push(
    atMost(4, echo(alone("platform"), alone("peer"), "Express 5, socket.io, SQLite")),
    atMost(2, echo(alone("platform"), alone("bare"), "a bare object")),
  );
  for (const [name, what, goal] of [
    ["busy", "chat: one conversation, 20 messages on their way", 0.25],
    ["many", "chat: one conversation with 50 sockets", 0.15],
    ["side", "chat: 50 conversations of two", 0.25],
  ] as const) {
    const heard = await measured(scenarios[name]);
    findings.push(
      atLeast(goal, heardRow(what, heard("platform"), heard("peer"), "Express 5, socket.io, SQLite")),
      atLeast(0.5, heardRow(what, heard("platform"), heard("bare"), "a bare object")),
    );
  }
  return findings;
}

const echo = (of: Heard, beside: Heard, who: string) => ({
  what: "chat: a message to its own echo, alone (median)",
  measured: milliseconds(of.median),
  baseline: `${milliseconds(beside.median)} ${who}`,
  ratio: of.median / beside.median,
});

const heardRow = (what: string, of: Heard, beside: Heard, who: string) => ({
  what: `${what}: heard`,
  measured: perSecond(of.heardPerSecond),
  baseline: `${perSecond(beside.heardPerSecond)} ${who}`,
  ratio: of.heardPerSecond / beside.heardPerSecond,
});

/** Who talks, with a persona of their own. */
export async function talker(baseUrl: string) {
  const { email, password } = demo.accounts[1];
  const { access_token: token } = dataOf(
    await apiClient({ baseUrl }).POST("/api/v1/auth/login", { body: { email, password } }),
  );
  const api = apiClient({ baseUrl, token });
  const { id } = dataOf(await api.GET("/api/v1/auth/session"));
  const [template] = dataOf(await api.GET("/api/v1/personas/templates")).templates;
  if (!template) throw new Error("There is no template");
  const instance = dataOf(
    await api.POST("/api/v1/personas/instances", { body: { template_id: template.id, name: "Bench" } }),
  );
  return { id, token, instanceId: instance.id };
}

async function contendersOf(
  { url, baselineUrl }: Pick<BenchPlatform, "url" | "baselineUrl">,
  { api, token, clientId }: BenchSession,
  owner: Awaited<ReturnType<typeof talker>>,
  { conversations, parts }: Scenario,
): Promise<Record<(typeof names)[number], Contender>> {
  const { id: holder } = dataOf(await api.GET("/api/v1/auth/session"));
  const ids = Array.from({ length: conversations }, () => crypto.randomUUID());
  for (const id of ids) {
    const place = { id, client_id: clientId, owner_id: owner.id, instance_id: owner.instanceId };
    const body = JSON.stringify({ ...place, holder_id: holder });
    const answer = await fetch(`${baselineUrl}/chat/begin`, { method: "POST", body });
    if (!answer.ok) throw new Error(`/chat/begin answered ${answer.status}`);
  }
  const tokens = { owner: owner.token, staff: token, colleague: await colleague(url, api) };
  const at = async (opening: (id: string, part: Part) => Opening, stop = () => {}): Promise<Contender> => {
    const clients = await startPeer("chatters", {});
    await clients.ask({ open: ids.flatMap((id) => parts.map((part) => opening(id, part))) }, heardSchema);
    return {
      clients,
      stop: () => {
        clients.stop();
        stop();
      },
    };
  };
  const peer = await startPeer("chat", {});
  return {
    platform: await at((conversation, part) => ({
      url,
      path: "/socket.io/",
      conversation,
      as: asOf(part),
      token: tokens[part],
    })),
    bare: await at((conversation, part) => ({
      url: baselineUrl,
      path: `/chat/bare/${conversation}/socket.io/`,
      conversation,
      as: asOf(part),
    })),
    peer: await at(
      (conversation, part) => ({ url: peer.greeting, path: "/socket.io/", conversation, as: asOf(part) }),
      () => peer.stop(),
    ),
  };
}

const asOf = (part: Part) => (part === "owner" ? "owner" : "staff");

/** A token of somebody else of the staff. */
async function colleague(baseUrl: string, administrator: BenchSession["api"]): Promise<string> {
  const account = { email: `${crypto.randomUUID()}@bench.test`, password: "Bench-Colleague-1" };
  const body = { ...account, client_id: demo.clientId };
  const anybody = apiClient({ baseUrl });
  const { access_token } = dataOf(await anybody.POST("/api/v1/auth/register", { body }));
  const { id: user_id } = dataOf(
    await apiClient({ baseUrl, token: access_token }).GET("/api/v1/auth/session"),
  );
  dataOf(
    await administrator.PUT("/api/v1/admin/users/{user_id}", {
      params: { path: { user_id } },
      body: { role: "moderator" },
    }),
  );
  return dataOf(await anybody.POST("/api/v1/auth/login", { body: account })).access_token;
}
