import { z } from "zod";
import { eventCatalogue } from "#src/kernel/event-catalogue.ts";
import type { EventEntry } from "#src/kernel/events/entry.ts";
import { answers } from "./answers.ts";
import { commandSchema } from "./frames.ts";
import { startWorkflowSchema } from "./workflow/start-workflow.ts";
import { workflowFrameSchema } from "./workflow/workflow-status.ts";

export const jsonSchema = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: "draft-07",
    io: "input",
    unrepresentable: "any",
  });
  return rest;
};

const timestamp = z.iso.datetime();

/** An event as it comes by the socket: from the log, or about the connection itself. */
const frameOf = (event: string, { seenBy, passes, data }: EventEntry) => {
  const named = { event: z.literal(event), data, timestamp };
  if (event === "connection.error")
    return z.object({ type: z.literal("error"), error: z.string(), id: z.string().optional(), ...named });
  return seenBy === "connection"
    ? z.object({ type: z.literal("event"), id: z.string().optional(), ...named })
    : z.object({
        type: z.literal("event"),
        entity_id: z.string(),
        ...(passes ? {} : { seq: z.number().int().positive() }),
        ...named,
      });
};

/** What travels on a channel, as the document has it. */
export interface Message {
  name: string;
  summary?: string;
  payload: object;
  [extension: `x-${string}`]: unknown;
}

const messagesOfEvents = (): Message[] =>
  Object.entries(eventCatalogue).map(([name, entry]) => ({
    name,
    summary: entry.about,
    payload: jsonSchema(frameOf(name, entry)),
    "x-entity": entry.entity,
    "x-seen-by": entry.seenBy,
    "x-webhooks": entry.webhooks,
    ...(entry.webhooks && { "x-sample": entry.sample }),
  }));

const messagesOfAnswers = (): Message[] =>
  Object.entries(answers).map(([event, data]) => ({
    name: `response.${event}`,
    payload: jsonSchema(
      z.object({
        type: z.literal("response"),
        event: z.literal(event),
        data,
        id: z.string().optional(),
        timestamp,
      }),
    ),
  }));

/** What a socket with `?batch=1` gets instead of the others one by one. */
const batchMessage: Message = {
  name: "batch",
  summary: "With `?batch=1`: the others, several at once and in order",
  payload: jsonSchema(z.object({ type: z.literal("batch"), frames: z.array(z.looseObject({})).min(1) })),
};

/** What the platform itself answers, without the hub. */
const signsOfLife = {
  asked: {
    name: "ping",
    summary: "A sign of life, exactly these characters",
    payload: jsonSchema(z.object({ type: z.literal("ping") })),
  },
  answered: {
    name: "pong",
    summary: "The answer to a sign of life, by itself also with `?batch=1`",
    payload: jsonSchema(z.object({ type: z.literal("pong") })),
  },
};

/** Workflows, which have frames of their own. */
const workflows = {
  started: {
    name: "start_workflow",
    summary: "Executes a persona, as `POST /personas/instances/{instance_id}/execute` does",
    payload: jsonSchema(startWorkflowSchema),
  },
  told: {
    name: "workflow_status",
    summary: "How a workflow stands that this socket has started",
    payload: jsonSchema(workflowFrameSchema),
  },
};

const messagesOfCommands = (): Message[] =>
  commandSchema.options.map((schema) => ({
    name: `command.${schema.shape.event.value}`,
    payload: jsonSchema(schema),
  }));

const byName = (messages: readonly Message[]) =>
  Object.fromEntries(messages.map((message) => [message.name, message]));

/** A name within a `$ref`: none of ours has what would have to be escaped. */
const references = (messages: readonly Message[], place: string) =>
  messages.map(({ name }) => ({ $ref: `#/${place}/${name}` }));

/** A socket besides the tenant's: its address, and what it tells and takes. */
export interface OtherSocket {
  name: string;
  address: string;
  title: string;
  description: string;
  parameters: Record<string, { description: string }>;
  told: readonly Message[];
  taken: readonly Message[];
}

const channelOf = ({ told, taken, name: _, ...channel }: OtherSocket) => ({
  ...channel,
  messages: Object.fromEntries(
    [...told, ...taken].map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]),
  ),
});

const operationsOf = ({ name, told, taken }: OtherSocket) => {
  const channel = { $ref: `#/channels/${name}` };
  const place = `channels/${name}/messages`;
  return {
    [`${name}.tell`]: { action: "send", channel, messages: references(told, place) },
    [`${name}.take`]: { action: "receive", channel, messages: references(taken, place) },
  };
};

/**
 * The AsyncAPI 3 document: what sockets tell and take, from the catalogue and the schemas that validate.
 * @param others besides the tenant's socket
 */
export function eventDocument(version: string, others: readonly OtherSocket[] = []) {
  const told = [
    ...messagesOfEvents(),
    ...messagesOfAnswers(),
    batchMessage,
    workflows.told,
    signsOfLife.answered,
  ];
  const taken = [...messagesOfCommands(), workflows.started, signsOfLife.asked];
  const all = [...told, ...taken];
  const place = "channels/socket/messages";
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Persona platform: events",
      version,
      description:
        "What the WebSocket tells and takes. Parts of an event's data that are too large are left out and named in " +
        "`data.omitted`; the run itself has them. New fields may come at any time.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    channels: {
      socket: {
        address: "/ws",
        title: "The WebSocket",
        description:
          "`?since=` resumes after that event number; with `?batch=1` messages come as `batch`. Whoever is in the room of a " +
          "conversation is told what its own channel tells as well, with `entity_id` and `log_seq` in place of `seq`.",
        messages: Object.fromEntries(
          all.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
      ...Object.fromEntries(others.map((other) => [other.name, channelOf(other)])),
    },
    operations: {
      tell: {
        action: "send",
        channel: { $ref: "#/channels/socket" },
        messages: references(told, place),
      },
      take: {
        action: "receive",
        channel: { $ref: "#/channels/socket" },
        messages: references(taken, place),
      },
      ...Object.assign({}, ...others.map(operationsOf)),
    },
    components: { messages: byName([...all, ...others.flatMap(({ told, taken }) => [...told, ...taken])]) },
  };
}
