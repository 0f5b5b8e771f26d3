import { Hono } from "hono";
import { z } from "zod";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { Persona } from "#src/objects/conversation-persona.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import type { BareRoom } from "./room.ts";

export interface ChatEnv extends Pick<ObjectBindings, "CONVERSATIONS" | "CONVERSATION_SEARCH"> {
  BARE_ROOM: DurableObjectNamespace<BareRoom>;
}

const placeSchema = z.object({ id: z.uuid(), client_id: z.string(), owner_id: z.string() });

/** Whose persona is silent: nothing that is measured here is answered. */
const persona: Persona = {
  systemPrompt: "",
  model: null,
  tools: [],
  personalisation: "off",
  holdoutPercent: 0,
  insights: false,
  autoTitle: false,
  workflow: null,
  moderated: false,
  reopens: true,
  onBusy: "queue",
  handover: null,
  run: {
    userId: "bench",
    tier: "enterprise",
    projectId: null,
    templateId: null,
    templateVersion: null,
    config: {},
    agents: {},
    workflows: {},
    fuelBudget: 100,
    lane: "normal",
  },
};

/** What a message says that nobody looks at: 120 characters. */
const words = "hello world ".repeat(10);
/** Messages that are sent at once, and copies that the search takes in one call. */
const piece = 200;

const conversationAt = (env: ChatEnv, { id, client_id }: z.infer<typeof placeSchema>) =>
  env.CONVERSATIONS.getByName(`${client_id}/${id}`);

/** Conversations with as much in them as is asked for, and what is measured beside them. */
export const chat = new Hono<{ Bindings: ChatEnv }>()
  /** Begins one that somebody of the staff holds. */
  .post("/begin", async (c) => {
    const place = placeSchema
      .extend({ instance_id: z.uuid(), holder_id: z.string().optional() })
      .parse(await c.req.json());
    const conversation = conversationAt(c.env, place);
    const owner = { id: place.owner_id, kind: "user" as const };
    valueOrThrow(await conversation.begin({ owner, instanceId: place.instance_id, title: null, persona }));
    if (place.holder_id !== undefined)
      valueOrThrow(
        await conversation.changeHolder({
          change: { action: "take", by: place.holder_id, force: false },
          reason: "",
          persona: null,
        }),
      );
    return c.json({});
  })
  .post("/fill", async (c) => {
    const { messages, ...place } = placeSchema
      .extend({ messages: z.number().int() })
      .parse(await c.req.json());
    const conversation = conversationAt(c.env, place);
    const sender = { id: place.owner_id, as: "owner" as const };
    // Side by side: each by itself would wait for the disk.
    for (let first = 0; first < messages; first += piece) {
      const numbers = Array.from({ length: Math.min(piece, messages - first) }, (_, index) => first + index);
      await Promise.all(
        numbers.map(async (number) => {
          const message = {
            clientMessageId: `m-${number}`,
            content: `${number} ${words}`,
            wantsReply: false,
          };
          valueOrThrow(await conversation.send({ sender, ...message }));
        }),
      );
    }
    return c.json({});
  })
  /** Gives the tenant's search so many messages of one person, in conversations of 200. */
  .post("/index", async (c) => {
    const { client_id, owner_id, messages } = z
      .object({ client_id: z.string(), owner_id: z.string(), messages: z.number().int() })
      .parse(await c.req.json());
    const search = c.env.CONVERSATION_SEARCH.getByName(client_id);
    for (let first = 1; first <= messages; first += piece) {
      const conversationId = crypto.randomUUID();
      const copies = Array.from({ length: piece }, (_, index) => ({
        messageId: crypto.randomUUID(),
        seq: index + 1,
        role: "user" as const,
        // Every message has the common word, one in a hundred the rarer one.
        text: `${words}${(first + index) % 100 === 0 ? "oolong" : "tea"} ${first + index}`,
        at: first + index,
        revision: index + 1,
      }));
      await search.put({ conversationId, ownerId: owner_id, copies });
    }
    return c.json({});
  })
  .get("/bare/:room/socket.io/", ({ env, req }) => env.BARE_ROOM.getByName(req.param("room")).fetch(req.raw))
  /** So many bytes, as nothing but a stream of them. */
  .get("/bytes/:count", (c) => {
    let left = Number(c.req.param("count"));
    const chunk = new Uint8Array(65_536);
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(chunk.subarray(0, Math.min(left, chunk.length)));
        left -= chunk.length;
        if (left <= 0) controller.close();
      },
    });
    return c.body(body);
  });
