import { z } from "zod";
import {
  conversationStatuses,
  type MessageRole,
  type MessageStatus,
  type MessageType,
  personKinds,
  sentMessageTypes,
} from "#src/kernel/chat-words.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import type { AnsweringApi } from "./answering-api.ts";
import { type AttachmentsApi, type AttachmentView, attachmentLimits } from "./attachments-api.ts";
import type { ConversationEndApi } from "./conversation-end-api.ts";
import {
  type Persona,
  personaSchema,
  type StandingPersona,
  standingPersonaSchema,
} from "./conversation-persona.ts";
import type { ConversationStaffApi, Feedback, Satisfaction } from "./conversation-staff-api.ts";
import type { HolderRequest } from "./holder-contract.ts";
import type { ListenersEnded } from "./listeners-contract.ts";
import { type MarkView, verdictSchema } from "./moderation-contract.ts";
import { originSchema } from "./origin.ts";
import type { ReceiptView, SaidReceipt } from "./receipt-contract.ts";
import type { AnswerPart, TurnUsage } from "./turn-contract.ts";

/** The most that one message of a person may hold, in bytes of UTF-8. */
export const maxMessageBytes = 32_768;

/** So many messages a conversation takes; after that it goes on in a new one. */
export const maxMessages = 20_000;

const id = z.string().min(1).max(100);

export const newConversationSchema = z.object({
  owner: z.object({ id, kind: z.enum(personKinds) }),
  instanceId: id,
  projectId: id.nullable().default(null),
  title: z.string().max(200).nullable(),
  metadata: z.record(z.string(), z.unknown()).default({}),
  /** What the persona says first. */
  greeting: z.string().nullable().default(null),
  persona: personaSchema,
  origin: originSchema.optional(),
});
export type NewConversation = z.infer<typeof newConversationSchema>;

/** What the owner changes of a conversation itself. */
export const conversationChangeSchema = newConversationSchema
  .pick({ title: true })
  .partial()
  .extend({
    metadata: z.record(z.string(), z.unknown()).optional(),
  });
export type ConversationChange = z.infer<typeof conversationChangeSchema>;

/** In what quality somebody does something: the conversation is theirs, or they are staff of its tenant. */
const callerSchema = z.object({ id, as: z.enum(["owner", "staff"]) });
export type ConversationCaller = z.infer<typeof callerSchema>;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const content = z.string().refine((text) => text.isWellFormed() && bytesOf(text) <= maxMessageBytes);

export const newMessageSchema = z.object({
  sender: callerSchema,
  /** The sender's own word for the message: with the same one it is the same message. */
  clientMessageId: z.string().min(1).max(64),
  content,
  /** A message of the active path; left out for its end. */
  parentId: id.optional(),
  /** Ids of what comes with it, which the sender has uploaded before. */
  attachments: z.array(id).max(attachmentLimits.perMessage).optional(),
  /** What the sender says that it is; left out, nothing is held against what comes with it. */
  messageType: z.enum(sentMessageTypes).optional(),
  /** Whether the persona is to answer; never asked of it by staff. */
  wantsReply: z.boolean(),
  /** The persona as it is now; the conversation keeps it for turns that begin by themselves. */
  persona: personaSchema.optional(),
  origin: originSchema.optional(),
  /** What the rules of the tenant say of it. */
  verdict: verdictSchema.optional(),
  /** Why its sender may write nothing new, and for how many seconds. */
  notNow: z.object({ message: z.string(), retryAfter: z.number().int().positive() }).optional(),
});
export type NewMessage = z.infer<typeof newMessageSchema>;

/** What comes of it: the line of the conversation that says so, or null where nothing has changed. */
export interface HolderChanged {
  conversation: ConversationView;
  message: MessageView | null;
}

export const messageEditSchema = z.object({
  caller: callerSchema,
  messageId: id,
  content,
  /** As it is now, for the answer; and what the rules of the tenant say of the new text. */
  persona: personaSchema.optional(),
  verdict: verdictSchema.optional(),
});
export type MessageEdit = z.infer<typeof messageEditSchema>;
export const messageRemovalSchema = z.object({ caller: callerSchema, messageId: id });
export type MessageRemoval = z.infer<typeof messageRemovalSchema>;

export const conversationStatusSchema = z.enum(conversationStatuses);

export const statusRequestSchema = z.object({
  status: conversationStatusSchema,
  /** Its owner ends it or has it go on; whether it waits for a person is not theirs to say. */
  as: z.enum(["owner", "staff"]),
  /** Whether its owner is to be asked how it was, where it ends; they are unless it is said that they are not. */
  asksSatisfaction: z.boolean().optional(),
  persona: standingPersonaSchema,
});
export type StatusRequest = z.infer<typeof statusRequestSchema>;

/** A conversation as it is told. Times in epoch milliseconds. */
export interface ConversationView {
  id: string;
  ownerId: string;
  ownerKind: (typeof personKinds)[number];
  instanceId: string;
  projectId: string | null;
  title: string | null;
  metadata: Record<string, unknown>;
  status: z.infer<typeof conversationStatusSchema>;
  holder: string;
  adminId: string | null;
  holderEpoch: number;
  activeLeaf: string | null;
  lastSeq: number;
  startedAt: number;
  lastMessageAt: number | null;
  endedAt: number | null;
  /** Of one that has ended: whether its owner is to be asked how it was, and what they have said. */
  satisfaction: { asked: boolean; score: Satisfaction["score"] | null; comment: string | null } | null;
  /** Grows with each change: of two copies the one with the higher revision counts. */
  revision: number;
}

export interface MessageView {
  seq: number;
  id: string;
  parentId: string | null;
  depth: number;
  onPath: boolean;
  role: MessageRole;
  messageType: MessageType;
  senderId: string;
  content: string;
  parts: AnswerPart[];
  /** What came with it. */
  attachments: AttachmentView[];
  status: MessageStatus;
  turnId: string | null;
  model: string | null;
  usage: TurnUsage | null;
  /** A code of the error catalogue, of an answer that failed. */
  error: string | null;
  /** What its owner thinks of it. */
  feedback: Feedback | null;
  /** When its text was corrected in its place; null where it stands as it was written. */
  editedAt: number | null;
  createdAt: number;
  updatedAt: number;
}

export interface TurnView {
  id: string;
  /** The message that is answered. */
  answersTo: string;
  /** The message that the answer goes into. */
  messageId: string;
  runId: string | null;
  epoch: number;
  status: "running" | "done" | "stopped" | "failed" | "superseded";
  attempt: number;
  error: string | null;
}

export interface SentMessage {
  message: MessageView;
  /** The turn that answers it, where one has begun with it. */
  turn: TurnView | null;
  /** False when an earlier call with the same word of the sender wrote it. */
  created: boolean;
}

/** Where a conversation's log stands, and what is being written. */
export interface Standing {
  turn: TurnView | null;
  /** The number of the last entry: what happens from here on has a greater one. */
  logged: number;
}

/** An entry of the conversation's own log, without gaps from its first one that is kept. */
export interface LogEntry {
  seq: number;
  event: string;
  data: Record<string, unknown>;
  at: number;
}

export const messageQuerySchema = z.object({
  after: z.number().int().nonnegative().optional(),
  before: z.number().int().nonnegative().optional(),
  limit: z.number().int().min(1).max(200),
  branch: z.enum(["active", "all"]),
  /** Whether hidden messages are shown with what stood in them: for the staff alone. */
  withHidden: z.boolean().optional(),
});
export type MessageQuery = z.infer<typeof messageQuerySchema>;

export interface MessagePage {
  /** In their order, whichever end was asked for. */
  messages: MessageView[];
  lastSeq: number;
  hasMore: boolean;
  /** For the staff: which of them a rule has marked. */
  marks?: MarkView[];
}

type ForStaff = ConversationStaffApi<ConversationView, MessageView>;

/** A conversation: the only writer of all that belongs to it. One that was never begun is not found, and writes nothing. */
export interface ConversationApi extends AnsweringApi, AttachmentsApi, ConversationEndApi, ForStaff {
  /** Begins it; once more is harmless. */
  begin(conversation: z.input<typeof newConversationSchema>): Promise<Outcome<ConversationView>>;
  view(): Promise<Outcome<ConversationView>>;
  describe(change: ConversationChange): Promise<Outcome<ConversationView>>;
  /** Writes a message. `logged`: where the log stood then. */
  send(message: NewMessage): Promise<Outcome<SentMessage & Pick<Standing, "logged">>>;
  standing(): Promise<Outcome<Standing>>;
  listMessages(query: MessageQuery): Promise<Outcome<MessagePage>>;
  getMessage(messageId: string): Promise<Outcome<MessageView>>;
  /** Entries of the log behind a number; `isGap` where some of them are not kept any more. */
  readLog(since: number, limit: number): Promise<Outcome<{ entries: LogEntry[]; isGap: boolean }>>;
  /** Writes a new answer beside one, or again one that failed. @param persona as it is now */
  regenerate(messageId: string, persona?: Persona): Promise<Outcome<TurnView>>;
  /** Goes to another branch. @param ifLeaf the leaf that the caller believes to be the active one */
  activate(leafId: string, ifLeaf?: string): Promise<Outcome<ConversationView>>;
  /** Stops the running turn and keeps what was written; without one nothing happens. */
  stop(persona?: StandingPersona): Promise<Outcome<ConversationView>>;
  /** Writes an own message anew beside it, or corrects it in its place where others have answered it. */
  edit(edit: MessageEdit): Promise<Outcome<SentMessage>>;
  /** Has what was said summarised; null where too little was said since it last was. */
  compact(): Promise<Outcome<{ compactionId: string | null }>>;
  /** Empties a message, whose place stays: an own one, or any by staff. */
  remove(removal: MessageRemoval): Promise<Outcome<MessageView>>;
  /** Changes who holds it, or refuses: of several who want it at once, one has it. */
  changeHolder(request: HolderRequest): Promise<Outcome<HolderChanged>>;
  setStatus(request: StatusRequest): Promise<Outcome<ConversationView>>;
  /** Somebody says how far they have got. */
  receipt(said: SaidReceipt): Promise<Outcome<ReceiptView>>;
  /** Lists say that they show it as it was at a revision, and up to which entry its log was counted. */
  confirmCopy(revision: number, countedTo?: number): Promise<void>;
  /** Closes sockets of people who may hear it no longer. */
  endListeners(ended: ListenersEnded): Promise<void>;
  /** The newest turns, the newest first. */
  listTurns(limit: number): Promise<Outcome<TurnView[]>>;
}
