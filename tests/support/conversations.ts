import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { onTestFinished, vi } from "vitest";
import { Pace } from "#durable-objects/conversation/pace.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi, NewConversation, SentMessage } from "#src/objects/conversation-api.ts";
import type { Persona } from "#src/objects/conversation-persona.ts";
import type { TurnClosing, TurnKey } from "#src/objects/turn-contract.ts";

export const owner = "owner-1";

/** A persona whose runs the tests carry out themselves. */
export const persona = (changes: Partial<Omit<Persona, "run">> = {}): Persona => ({
  systemPrompt: "You sell tea.",
  model: null,
  tools: [],
  personalisation: "off",
  holdoutPercent: 0,
  reopens: true,
  insights: false,
  autoTitle: false,
  workflow: null,
  moderated: false,
  onBusy: "queue",
  handover: null,
  ...changes,
  run: {
    userId: "persona-owner",
    tier: "premium",
    projectId: null,
    templateId: null,
    templateVersion: null,
    config: {},
    agents: {},
    workflows: {},
    fuelBudget: 1000,
    lane: "normal",
  },
});

/** Where a conversation is. */
interface Place {
  clientId: string;
  id: string;
}

/** Where none is yet, in a tenant of its own. */
export const newPlace = (clientId = `chat-${uuidv7()}`): Place => ({ clientId, id: uuidv7() });

/** The object at a place, for whoever looks into it. */
export const objectAt = ({ clientId, id }: Place) => env.CONVERSATIONS.getByName(`${clientId}/${id}`);

/** What can be asked of it. */
export const conversationAt = (place: Place): ConversationApi => objectAt(place);

/** A conversation that has begun. */
export async function newConversation(
  changes: Partial<NewConversation> = {},
  place = newPlace(),
): Promise<ConversationApi> {
  const conversation = conversationAt(place);
  const made = {
    owner: { id: owner, kind: "user" as const },
    instanceId: uuidv7(),
    title: null,
    persona: persona(),
  };
  valueOrThrow(await conversation.begin({ ...made, ...changes }));
  return conversation;
}

/** People write as fast as they like, in tests of what many messages do. */
export function unhurried(): void {
  const spy = vi.spyOn(Pace.prototype, "waitOf").mockReturnValue(0);
  onTestFinished(() => spy.mockRestore());
}

type Conversation = Pick<ConversationApi, "send">;

/** Writes a message as the conversation's owner. */
export const send = async (
  conversation: Conversation,
  content: string,
  {
    id = uuidv7(),
    wantsReply = true,
    parentId,
  }: { id?: string; wantsReply?: boolean; parentId?: string } = {},
): Promise<SentMessage> =>
  valueOrThrow(
    await conversation.send({
      sender: { id: owner, as: "owner" },
      clientMessageId: id,
      content,
      wantsReply,
      ...(parentId && { parentId }),
    }),
  );

/** Writes a message, and gives the turn that answers it. */
export async function ask(conversation: Conversation, content: string): Promise<TurnKey> {
  const { turn } = await send(conversation, content);
  if (!turn) throw new Error("No turn has begun");
  return { turnId: turn.id, epoch: turn.epoch };
}

/** How a turn's answer is closed. */
export const closing = (key: TurnKey, text: string, attempt = 1): TurnClosing => ({
  ...key,
  attempt,
  text,
  model: "model-1",
  usage: { input_tokens: 10, output_tokens: 5 },
});
