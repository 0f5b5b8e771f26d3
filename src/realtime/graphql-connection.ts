import { z } from "zod";
import { type Caller, callerSchema } from "./connection.ts";
import { graphqlWantsSchema } from "./graphql-wants.ts";
import { noOutflow, outflowSchema } from "./outflow.ts";

/** Operations of a connection that are under way at a time. */
export const maxGraphqlOperations = 50;

/** What a subscription's variables may be, as JSON, in bytes. */
export const maxVariablesBytes = 2048;

/** What the platform keeps of a hibernating socket, less what it takes to say what it is. */
const maxAttachmentBytes = 16_384 - 64;

/** A subscription, as a hibernating socket keeps it; its document lies in the hub, under its digest. */
const followedSchema = z.object({
  digest: z.string(),
  name: z.string().optional(),
  variables: z.record(z.string(), z.unknown()).optional(),
  wants: graphqlWantsSchema,
  /** Whether what it tells is the same for all who have the same rights. */
  isShared: z.boolean(),
  /** Events up to this number are told, or not wanted; and which log that number is of. */
  seq: z.number().int().nonnegative(),
  epoch: z.string().optional(),
  /** Whether there are events in the log that it still has to be told. */
  isBehind: z.boolean(),
});

export type Followed = z.infer<typeof followedSchema>;

/** What a hibernating socket of GraphQL keeps. */
const graphqlConnectionSchema = z.object({
  caller: callerSchema,
  /** Epoch milliseconds: when it was opened, was last heard, and was asked whether it is there. */
  openedAt: z.number(),
  heardAt: z.number(),
  askedAt: z.number().default(0),
  isAcknowledged: z.boolean().default(false),
  outflow: outflowSchema.default(noOutflow),
  /** What is under way: subscriptions, and, without what they follow, operations that are being carried out. */
  operations: z
    .array(z.object({ id: z.string(), followed: followedSchema.optional() }))
    .max(maxGraphqlOperations)
    .default([]),
});

export type GraphqlConnection = z.infer<typeof graphqlConnectionSchema>;

const encoder = new TextEncoder();

/** A connection as bytes, so that its size is known; undefined for one that is too large to be kept. */
export function graphqlAttachment(
  connection: z.input<typeof graphqlConnectionSchema>,
): Uint8Array | undefined {
  const bytes = encoder.encode(JSON.stringify(connection));
  return bytes.byteLength > maxAttachmentBytes ? undefined : bytes;
}

/** @throws for what is no connection of ours */
export function graphqlConnectionIn(attachment: unknown): GraphqlConnection {
  const bytes = z.instanceof(Uint8Array).parse(attachment);
  return graphqlConnectionSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

/** What a subscription is, as far as what it tells depends on that: those for whom it is the same are told together. */
export const viewKeyOf = (
  { userId, role, tier, permissions }: Caller,
  { digest, name, variables, isShared }: Pick<Followed, "digest" | "name" | "variables" | "isShared">,
): string => JSON.stringify([digest, name, variables, role, tier, permissions, isShared ? null : userId]);
