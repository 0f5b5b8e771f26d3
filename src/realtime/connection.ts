import { z } from "zod";
import { roles, type SignedIn, scopeOf, tiers, visitorOf, type WidgetVisitor } from "#src/kernel/actor.ts";
import { permissionNames } from "#src/kernel/permissions.ts";
import { hubSpreadSchema } from "#src/objects/hub-spread.ts";
import { noOutflow, outflowSchema } from "./outflow.ts";
import { Subscriptions } from "./subscriptions.ts";

/** Who connects, as the gateway vouches for it. */
export const callerSchema = z.object({
  clientId: z.string(),
  /** An account's; of a visitor the visitor's, which no account has. */
  userId: z.string(),
  role: z.enum(roles),
  /** That of a socket of the release before is not known. */
  tier: z.enum(tiers).default("free"),
  /** Those of a socket of the release before are not known. */
  permissions: z.array(z.string()).default([]),
  sessionId: z.string(),
  /** Epoch milliseconds at which the access token ends, and the connection with it. */
  expiresAt: z.number(),
  /** Of somebody without an account: the widget that has let them in. */
  visit: z.object({ widgetId: z.string(), instanceId: z.string(), origin: z.string() }).optional(),
  /** From where it was opened, as far as that is told: what figures are told by. */
  country: z.string().max(2).optional(),
  language: z.string().max(3).optional(),
});

export type Caller = z.infer<typeof callerSchema>;

/** Somebody who has signed in, as a socket knows them. */
export const callerOf = ({
  clientId,
  userId,
  role,
  tier,
  permissions,
  sessionId,
  expiresAt,
  device: { country, language },
}: SignedIn): Caller => ({
  clientId,
  userId,
  role,
  tier,
  // Others, of which a token may have many, mean nothing; and a ticket and an attachment are to stay short.
  permissions: permissionNames.filter((name) => permissions.includes(name)),
  sessionId,
  expiresAt,
  country,
  language,
});

/** A visitor of a widget, as a socket knows them. Nothing but the visit itself is a session of theirs. */
export const callerOfVisit = ({ clientId, role, tier, visit, device }: WidgetVisitor): Caller => {
  const { visitorId, expiresAt, ...page } = visit;
  const { country, language } = device;
  return {
    ...{ clientId, userId: visitorId, role, tier, permissions: [], sessionId: visitorId, expiresAt },
    ...{ country, language },
    visit: page,
  };
};

/** Whoever has connected, as operations know them. A socket knows neither their address nor their program. */
export function actorOf(
  { visit, country, language, ...caller }: Caller,
  operatorClientId: string | undefined,
): SignedIn | WidgetVisitor {
  const device = { ip: "unknown", userAgent: "", country, language };
  const { clientId, userId: visitorId, expiresAt } = caller;
  if (visit) return visitorOf(clientId, { ...visit, visitorId, expiresAt }, "websocket", device);
  return {
    kind: "user",
    ...caller,
    email: "",
    scope: scopeOf(caller, operatorClientId),
    via: "websocket",
    device,
  };
}

const hubAddressSchema = z.object({ shard: z.number().int().nonnegative(), spread: hubSpreadSchema });

/** A workflow that a socket has started: what it calls it, its run, and the progress that it has been told. */
const startedWorkflowSchema = z.object({ id: z.string(), run: z.string(), progress: z.number() });

export type StartedWorkflow = z.infer<typeof startedWorkflowSchema>;

/**
 * What a hibernating socket keeps; small enough for its attachment. `patterns` stand apart from what is watched of one
 * thing, so that the release before, which knows nothing of that, can go on with them.
 */
export const connectionSchema = callerSchema.extend({
  /** Events up to this number are not sent: they were before the connection, or are sent already. */
  seenSeq: z.number().int().nonnegative(),
  /** Which log that number is of; a socket of the release before does not know. */
  epoch: z.string().optional(),
  /** It is being caught up from the log, so there are events after that number that nobody will bring it. */
  isBehind: z.boolean().default(false),
  patterns: z.array(z.string()),
  watched: z.array(z.object({ entity_id: z.string(), events: z.array(z.string()) })).default([]),
  /** Whether it has asked for several frames at once. */
  isBatched: z.boolean().default(false),
  /** Whether it is the gateway's own, which reads texts for the stream of a run. */
  isStream: z.boolean().default(false),
  outflow: outflowSchema.default(noOutflow),
  /** The rooms that it is in. */
  rooms: z.array(z.string()).default([]),
  workflows: z.array(startedWorkflowSchema).default([]),
  /** Which of the tenant's hubs it is opened at, and over how many they are spread. */
  at: hubAddressSchema.optional(),
  /** When the hub last heard it, and when it was asked whether it is there; epoch milliseconds. */
  heardAt: z.number().default(0),
  askedAt: z.number().default(0),
});

export type Connection = z.infer<typeof connectionSchema>;

export const subscriptionsOf = ({ patterns, watched }: Pick<Connection, "patterns" | "watched">) =>
  new Subscriptions([
    ...patterns.map((pattern) => ({ pattern, entityId: null })),
    ...watched.flatMap(({ entity_id, events }) =>
      events.map((pattern) => ({ pattern, entityId: entity_id })),
    ),
  ]);

/** A ticket that stands for an access token; the time is in epoch milliseconds. */
export const ticketSchema = z.object({ id: z.string(), expiresAt: z.number() });

/** A socket that asks to be opened. */
export const openingSchema = z.object({
  caller: callerSchema,
  /** The number after which what was missed is shown. */
  since: z.number().int().nonnegative().optional(),
  /** Which log that number is of. */
  epoch: z.string().optional(),
  /** Whether it takes several frames at once. */
  isBatched: z.boolean().default(false),
  /** Whether it speaks GraphQL's protocol. */
  isGraphql: z.boolean().default(false),
  /** The run whose texts the gateway reads, for its stream of events, which come from the log itself. */
  textsOf: z.string().optional(),
  /** Which of the tenant's hubs it is opened at, and over how many they are spread. */
  at: hubAddressSchema.optional(),
  /** The ticket that stands for the access token, which is good for one connection. */
  ticket: ticketSchema.optional(),
});

export type Opening = z.input<typeof openingSchema>;

/** The gateway's word to the hub on who connects; no other request reaches the hub. */
export const openingHeader = "x-opening";

/** Subscriptions of one connection, and workflows that it follows, together: what an attachment has room for. */
export const maxSubscriptions = 50;

/** Sockets that are open at once; of a user those of their own, and those with which the gateway streams runs to them. */
export const maxSockets = { ofUser: 20, streamsOfUser: 100, ofHub: 5000 } as const;

/** Codes with which the hub closes a connection. */
export const closeCodes = {
  policy: 1008,
  tooBig: 1009,
  failure: 1011,
  elsewhere: 1012,
  tooSlow: 1013,
  sessionEnded: 4001,
  silent: 4002,
  rightsLost: 4003,
} as const;
