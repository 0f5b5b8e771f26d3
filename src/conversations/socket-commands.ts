import { z } from "zod";
import { bodyOfFrame, commandIn, notJson, notText, refusedIn, type Unreadable } from "#src/realtime/index.ts";
import { halfCharacterIn } from "#src/text/well-formed.ts";

const id = z.string().max(128).optional();
const seq = z.number().int().nonnegative();

const command = <const Event extends string, D extends z.ZodType>(event: Event, data: D) =>
  z.strictObject({ type: z.literal("command"), event: z.literal(event), id, data });
const plainCommand = <const Event extends string>(event: Event) =>
  command(event, z.strictObject({}).optional());

/** What a socket of somebody's own says at a conversation (docs/conversations.md#the-socket). */
export const socketCommandSchema = z.discriminatedUnion("event", [
  plainCommand("ping"),
  /** The answer to `connection.ping`, with its id. */
  z.object({ type: z.literal("command"), event: z.literal("pong"), id: z.string().max(128) }),
  /** As the body of `POST …/messages`, which the operation reads. */
  command("message.send", z.looseObject({})),
  command("message.sync", z.strictObject({}).optional()),
  command("typing", z.strictObject({ typing: z.boolean() })),
  command("receipt", z.strictObject({ delivered_seq: seq.optional(), read_seq: seq.optional() })),
  plainCommand("turn.stop"),
  plainCommand("presence"),
  command("history", z.strictObject({ since: seq, limit: z.number().int().min(1).max(200).default(100) })),
]);
export type SocketCommand = z.infer<typeof socketCommandSchema>;

const names: readonly string[] = socketCommandSchema.options.map(({ shape }) => shape.event.value);

/** Reads what a socket says. Half characters are refused, as REST does: nothing is written that nobody has said. */
export function readSocketCommand(
  message: string | ArrayBuffer,
): { ok: true; value: SocketCommand } | Unreadable {
  if (typeof message !== "string") return notText;
  const body = bodyOfFrame(message);
  if (body === undefined) return notJson;
  const half = halfCharacterIn(body);
  if (half) return refusedIn(body, `${half.join(".")}: Half a character (a lone surrogate)`);
  return commandIn(body, socketCommandSchema, names);
}
