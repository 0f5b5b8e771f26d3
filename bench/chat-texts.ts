import { z } from "zod";
import { apiClient, dataOf } from "#client/index.ts";
import { talker } from "./chats.ts";
import type { Extent } from "./extent.ts";
import { besideEachOther } from "./load.ts";
import { startPlatform, withRealAgents } from "./platform.ts";
import { atMost, type Finding, milliseconds, within } from "./report.ts";
import { startSession } from "./session.ts";
import { typingProvider } from "./typing-provider.ts";

/** Words of an answer, and milliseconds between them. */
const [pieces, everyMs] = [60, 25];
const longConversation = 5_000;

const frameSchema = z.looseObject({
  event: z.string().optional(),
  data: z.looseObject({ text: z.string().optional() }).optional(),
});

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** How soon an answer is seen that is being written, by a platform whose provider is this process. */
export async function benchChatTexts({ rounds, turns }: Extent): Promise<Finding[]> {
  const provider = await typingProvider({ pieces, everyMs });
  const settings = { ANTHROPIC_API_KEY: "bench", ANTHROPIC_BASE_URL: provider.url, RATE_LIMITS: "off" };
  const platform = await startPlatform({ entries: withRealAgents, settings });
  try {
    const { url } = platform;
    const { clientId } = await startSession(platform);
    const owner = await talker(url);
    const api = apiClient({ baseUrl: url, token: owner.token });
    const listen = (id: string, hear: (frame: z.infer<typeof frameSchema>, socket: WebSocket) => void) =>
      new Promise<WebSocket>((resolve, reject) => {
        const address = `${url.replace("http", "ws")}/api/v1/conversations/${id}/ws`;
        const socket = new WebSocket(address, ["bearer", owner.token]);
        socket.addEventListener("open", () => resolve(socket));
        socket.addEventListener("error", () => reject(new Error("The conversation's socket did not open")));
        socket.addEventListener("message", ({ data }) =>
          hear(frameSchema.parse(JSON.parse(String(data))), socket),
        );
      });
    const say = (id: string) =>
      api.POST("/api/v1/conversations/{conversation_id}/messages", {
        params: { path: { conversation_id: id } },
        body: { client_message_id: crypto.randomUUID(), content: "Tell me about tea" },
      });
    const begin = async () =>
      dataOf(await api.POST("/api/v1/conversations", { body: { instance_id: owner.instanceId } }))
        .conversation.id;

    const [firsts, all]: [number[], number[]] = [[], []];
    for (let answer = 0; answer < Math.ceil(rounds / 5); answer++) {
      const id = await begin();
      const ended = Promise.withResolvers<void>();
      let heard = 0;
      const socket = await listen(id, ({ event, data }) => {
        const now = performance.now();
        if (event === "turn.ended") ended.resolve();
        if (event !== "message.delta" && event !== "message.snapshot") return;
        const written = [...(data?.text ?? "").matchAll(/ (\d+\.\d)/g)].map(([, at]) => now - Number(at));
        if (heard === 0 && written[0] !== undefined) firsts.push(written[0]);
        heard += written.length;
        all.push(...written);
      });
      dataOf(await say(id));
      await ended.promise;
      socket.close();
      if (heard !== pieces) throw new Error(`${heard} words were heard of ${pieces}`);
    }

    provider.hold();
    const post = async (path: string, body: object) => {
      const answer = await fetch(`${platform.baselineUrl}/chat/${path}`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    };
    const place = { client_id: clientId, owner_id: owner.id, instance_id: owner.instanceId };
    const long = crypto.randomUUID();
    await post("begin", { ...place, id: long });
    await post("fill", { ...place, id: long, messages: longConversation });
    const empty = await begin();
    /** From the beginning of a connection until what is written so far is there. */
    const join = (id: string) => async () => {
      const there = Promise.withResolvers<void>();
      const socket = await listen(id, ({ event }) => event === "message.snapshot" && there.resolve());
      await there.promise;
      socket.close();
    };
    for (const id of [long, empty]) {
      dataOf(await say(id));
      await join(id)();
    }
    const [ofLong, ofEmpty] = await besideEachOther(join(long), join(empty), { count: rounds, turns });
    return [
      within(
        60,
        "chat: the first word, from the provider to the socket (median)",
        medianOf(firsts),
        milliseconds,
      ),
      within(55, "chat: a word, the 40 ms of its batch included (median)", medianOf(all), milliseconds),
      atMost(1.5, {
        what: `chat: joining again, to the answer that is being written, of ${longConversation} messages (median)`,
        measured: milliseconds(ofLong.median),
        baseline: `${milliseconds(ofEmpty.median)} of none`,
        ratio: ofLong.median / ofEmpty.median,
      }),
    ];
  } finally {
    provider.close();
    await platform.stop();
  }
}
