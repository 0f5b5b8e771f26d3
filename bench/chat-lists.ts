import { talker } from "./chats.ts";
import type { Extent } from "./extent.ts";
import { besideEachOther, timed } from "./load.ts";
import type { BenchPlatform } from "./platform.ts";
import { atLeast, atMost, type Finding, milliseconds, within } from "./report.ts";
import type { BenchSession } from "./session.ts";

type Post = (path: string, body: object) => Promise<void>;

/** Conversations of somebody, as lists have them. */
const listed = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?4)
  INSERT INTO conversations (id, revision, client_id, owner_id, owner_kind, instance_id, status, holder, last_seq, unread,
                             started_at, moved_at)
  SELECT lower(hex(randomblob(16))), 1, ?1, ?2, 'user', ?3, 'active', 'persona', 0, 0, n, n FROM numbers`;

/** What is read of conversations, where there is little of it and where there is much. */
export async function benchChatLists(
  platform: BenchPlatform,
  session: BenchSession,
  { rounds, turns }: Extent,
): Promise<Finding[]> {
  const { baselineUrl } = platform;
  const url = await platform.gatewayUrl("unlimited");
  const owner = await talker(url);
  const post: Post = async (path, body) => {
    const answer = await fetch(`${baselineUrl}/chat/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    await answer.text();
  };
  const place = { client_id: session.clientId, owner_id: owner.id, instance_id: owner.instanceId };
  const conversationOf = async (messages: number): Promise<string> => {
    const id = crypto.randomUUID();
    await post("begin", { ...place, id });
    await post("fill", { ...place, id, messages });
    return id;
  };
  const read =
    (path: string, token = owner.token) =>
    async () => {
      const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      await answer.text();
    };
  const [short, long] = [await conversationOf(100), await conversationOf(19_999)];
  const pageOf = (id: string) => read(`/conversations/${id}/messages?limit=50`);
  const besides = async (few: () => Promise<void>, many: () => Promise<void>) => {
    for (const warm of [few, many]) await timed(warm, { count: rounds });
    return besideEachOther(few, many, { count: rounds, turns });
  };
  const [ofShort, ofLong] = await besides(pageOf(short), pageOf(long));

  const fill = (ownerId: string, count: number) =>
    platform
      .database()
      .then((database) =>
        database.prepare(listed).bind(session.clientId, ownerId, owner.instanceId, count).run(),
      );
  await fill(owner.id, 10);
  await fill(session.userId, 100_000);
  const list = "/conversations?limit=20";
  const [ofFew, ofMany] = await besides(read(list), read(list, session.token));

  await post("index", { ...place, messages: 50_000 });
  const search = (order: string) => read(`/conversations/search?q=hello&order=${order}`);
  const [newest, ranked] = await besides(search("newest"), search("relevance"));
  return [
    growing("chat: a page of 50 among 20 000 messages", ofLong.median, ofShort.median, "among 100"),
    growing("chat: a page of conversations among 100 000", ofMany.median, ofFew.median, "among 10"),
    within(10, "chat: a search among 50 000 messages that fit, the newest", newest.median, milliseconds),
    within(40, "chat: the same, the best of them first", ranked.median, milliseconds),
    await exported({ url, baselineUrl }, session, await conversationOf(10_000), turns),
  ];
}

const growing = (what: string, many: number, few: number, beside: string) =>
  atMost(1.5, {
    what: `${what} (median)`,
    measured: milliseconds(many),
    baseline: `${milliseconds(few)} ${beside}`,
    ratio: many / few,
  });

/** A conversation of 10 000 messages as a file, beside a stream of as many bytes. */
async function exported(
  { url, baselineUrl }: Pick<BenchPlatform, "url" | "baselineUrl">,
  { authorization }: BenchSession,
  id: string,
  turns: number,
): Promise<Finding> {
  let bytes = 0;
  const whole = async () => {
    const answer = await fetch(`${url}/api/v1/admin/conversations/export`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ conversation_ids: [id], format: "json" }),
    });
    if (!answer.ok) throw new Error(`The export answered ${answer.status}`);
    bytes = (await answer.arrayBuffer()).byteLength;
  };
  await whole();
  const bare = async () => {
    const answer = await fetch(`${baselineUrl}/chat/bytes/${bytes}`);
    await answer.arrayBuffer();
  };
  await bare();
  const [file, stream] = await besideEachOther(whole, bare, { count: 3, turns });
  return atLeast(0.3, {
    what: `chat: an export of 10 000 messages, ${(bytes / 1e6).toFixed(1)} MB (median)`,
    measured: milliseconds(file.median),
    baseline: `${milliseconds(stream.median)} a stream of as many bytes`,
    ratio: stream.median / file.median,
  });
}
