import { z } from "zod";
import type { personalisations } from "#src/kernel/personalisation-words.ts";
import type { AttachmentView } from "./attachments-api.ts";

/*
 * What a conversation and those who carry out its turns say to each other. A turn is a run of one step: the conversation
 * starts it with the idempotency key `turn:{turn_id}`, whoever claims its tasks fetches the context from the
 * conversation, hands over text as it is written, and closes the answer. Each call names the turn and the epoch that
 * its input named; a call of a turn that is not running, or of an epoch that has passed, changes nothing and is told so.
 */

/** What a turn's step does. */
export const chatTurnAction = "chat_turn";

/** Where its model tasks go. */
export const chatTurnTopic = "system.agent.chat.process";

/** The most that an answer may hold, in bytes of UTF-8. */
export const maxAnswerBytes = 262_144;

/** A piece of text, in UTF-16 units: what is longer is handed over in several. */
export const maxPieceLength = 65_536;

const id = z.string().min(1).max(100);
const epoch = z.number().int().positive();
/** So often an answer may be begun. */
export const maxAttempts = 1000;
const attempt = z.number().int().positive().max(maxAttempts);
const count = z.number().int().nonnegative();

/** The input of a turn's run: only where the conversation is, so that runs stay small and the context is that of now. */
export const turnInputSchema = z.object({ conversation_id: id, turn_id: id, epoch });
export type TurnInput = z.infer<typeof turnInputSchema>;

/** Which turn is meant. */
export const turnKeySchema = z.object({
  turnId: id,
  /** The holder's epoch that the turn began with. */
  epoch,
});
export type TurnKey = z.infer<typeof turnKeySchema>;

/** What an answer is made of where it is more than text, in the order in which it came about. */
export const answerPartSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("tool_call"), id, name: id, input: z.record(z.string(), z.unknown()) }),
  z.object({ type: z.literal("tool_result"), call_id: id, output: z.unknown(), is_error: z.boolean() }),
]);
export type AnswerPart = z.infer<typeof answerPartSchema>;

/** What answers have used, added up over the rounds of a turn. */
export const turnUsageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  /** Of the tokens that were read those that were known from an earlier call. */
  cached_tokens: count.default(0),
});
export type TurnUsage = z.infer<typeof turnUsageSchema>;

/** Whose message it is: the person's, the persona's, or a member of staff's, who has held the conversation meanwhile. */
export const contextRoles = ["user", "assistant", "agent"] as const;

/**
 * A message as whoever makes a prompt of it gets it. Notes of the staff, and lines of the conversation itself, are never
 * among them: who else has answered, and when, is in the messages of role `agent`.
 */
export interface ContextMessage {
  id: string;
  role: (typeof contextRoles)[number];
  content: string;
  parts: AnswerPart[];
  /** What came with it. */
  attachments: AttachmentView[];
  /** Epoch milliseconds. */
  createdAt: number;
}

/** All that an answer is made from, as it is when it is asked for. */
export interface TurnContext {
  conversationId: string;
  turnId: string;
  /** The message that the answer goes into. */
  messageId: string;
  instanceId: string;
  systemPrompt: string;
  /** Null where the platform's own choice is meant. */
  model: string | null;
  /** What was said before the messages but for the first, in short; null where nothing is summarised. */
  summary: string | null;
  /** The active path up to what is answered, the oldest first; with a summary, the person's first message and what follows it. */
  messages: ContextMessage[];
  /** Messages between the first and the others that are left out because the path holds more than one call carries. */
  omitted: number;
  /** Names of the tools that may be called; nothing that is read can add one. */
  tools: string[];
  /** Whose conversation it is: whose memories may be recalled, and told to. */
  person: { id: string; kind: "user" | "visitor" };
  /** How much may be told of that person. */
  personalisation: (typeof personalisations)[number];
  /** Of a hundred persons so many are recommended what is popular. That of a turn of the release before is not known. */
  holdoutPercent?: number;
  /** What the turn may use: units of fuel, and bytes of its answer. */
  budget: { fuel: number; answerBytes: number };
  /** What a byte comes to in tokens, as far as answers have told; null where none has. */
  tokensPerByte: number | null;
}

/**
 * Why a call of a turn changes nothing: there is no such turn; it is over; the epoch it names has passed, because
 * somebody else holds the conversation; another attempt has begun; its answer is longer than answers may be.
 */
export const staleCodes = ["NOT_FOUND", "ENDED", "EPOCH_PASSED", "ATTEMPT_PASSED", "TOO_LONG"] as const;
export type StaleCode = (typeof staleCodes)[number];

/** Whoever is told so need not go on with the turn. */
export interface Stale {
  ok: false;
  code: StaleCode;
}

/** Text as it is being written. */
export const turnDeltaSchema = turnKeySchema.extend({
  /**
   * Grows whenever the answer is written from its start again: also by a further round, after tools, which begins with
   * what the rounds before have written. Of two attempts only the later one is heard.
   */
  attempt,
  /** In UTF-16 units, from the start of the whole answer. A new attempt begins at 0. */
  offset: count,
  text: z.string().max(maxPieceLength),
});
export type TurnDelta = z.infer<typeof turnDeltaSchema>;

/** The answer as it is in the end, with all of its text, whatever was lost on the way. */
export const turnClosingSchema = turnKeySchema.extend({
  attempt,
  text: z.string(),
  /** Left out where the answer is its text. */
  parts: z.array(answerPartSchema).max(200).default([]),
  /** Which model has written it. */
  model: z.string().max(200),
  usage: turnUsageSchema,
  /** What its last call has read: so many tokens for so many bytes, of the model's window. */
  reading: z.object({ tokens: count, bytes: count, window: z.number().int().positive() }).optional(),
});
export type TurnClosing = z.input<typeof turnClosingSchema>;

/** How a call of a tool stands, as far as whoever hears the conversation is told. */
export const toolStatuses = ["running", "done", "failed"] as const;

/** What a turn's calls of tools have come to so far. A repeat says nothing new. */
export const turnToolsSchema = turnKeySchema.extend({
  tools: z
    .array(
      z.object({
        /** Which call of the turn it is. */
        call: id,
        tool: id,
        status: z.enum(toolStatuses),
      }),
    )
    .max(100),
});
export type TurnTools = z.infer<typeof turnToolsSchema>;

/** That the persona asks for a person: what it has said and done until then is its answer. */
export const turnHandoverSchema = turnClosingSchema
  .omit({ attempt: true, reading: true })
  .extend({ reason: z.string().max(500) });
export type TurnHandover = z.input<typeof turnHandoverSchema>;

/** How runs end. */
export const turnRunEnds = ["completed", "failed", "cancelled"] as const;

/** That a turn's run has ended, in whatever way: told at least once, by whoever holds the run. */
export const turnRunEndedSchema = z.object({
  turnId: id,
  runId: id,
  status: z.enum(turnRunEnds),
  /** A code of the error catalogue, and what may be told of it to whoever the conversation is of. */
  error: z.object({ code: z.string().max(100), message: z.string().max(2000).optional() }).optional(),
});
export type TurnRunEnded = z.infer<typeof turnRunEndedSchema>;

/** What a conversation can be asked by those who carry out its turns. */
export interface TurnsApi {
  contextOf(key: TurnKey): Promise<{ ok: true; context: TurnContext } | Stale>;
  /** The number of a new attempt, which nobody else has: whoever begins to write the answer from its start takes one. */
  beginAttempt(key: TurnKey): Promise<{ ok: true; attempt: number } | Stale>;
  /**
   * Takes text. A repeat adds nothing, nor does what begins behind a gap.
   * @returns `have`: how much of the attempt's text is there, where whoever sends it may go on
   */
  writeDelta(delta: TurnDelta): Promise<{ ok: true; have: number } | Stale>;
  /** Ends the turn with its answer. The same once more answers the same. */
  closeTurn(closing: TurnClosing): Promise<{ ok: true } | Stale>;
  /** Tells whoever hears the conversation of the turn's tools. */
  noteTools(tools: TurnTools): Promise<{ ok: true } | Stale>;
  /** Ends the turn, and has the conversation wait for a person. The same once more answers the same. */
  handOver(handover: TurnHandover): Promise<{ ok: true } | Stale>;
  /** Ends the turn that is still running: whatever becomes of a run, its turn ends. A repeat changes nothing. */
  runEnded(ended: TurnRunEnded): Promise<void>;
}
