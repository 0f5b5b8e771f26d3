import { z } from "zod";
import { isoTime } from "#src/kernel/clock.ts";

const seq = z.number().int();

/** Answers to the commands of a conversation's socket: what each says. That to `message.send` is what REST answers. */
export const socketAnswers = {
  pong: z.object({}),
  "message.send": z.record(z.string(), z.unknown()),
  "message.sync": z.object({ seq: seq.describe("Entries up to this number have been told") }),
  typing: z.object({}),
  receipt: z.object({ delivered_seq: seq, read_seq: seq, unread: seq }),
  "turn.stop": z.object({ status: z.enum(["active", "waiting", "ended"]) }),
  presence: z.object({
    people: z.array(z.string()).describe("Ids of those who hear the conversation"),
  }),
  history: z.object({
    events: z.array(
      z.object({ event: z.string(), data: z.record(z.string(), z.unknown()), seq, timestamp: z.string() }),
    ),
    is_gap: z.boolean().describe("Whether entries behind `since` are not kept any more"),
    latest: seq,
    next: seq.describe("The number after which the next page begins"),
  }),
};

/** An answer with what it says. */
export type SocketAnswer = {
  [Name in keyof typeof socketAnswers]: { event: Name; data: z.input<(typeof socketAnswers)[Name]> };
}[keyof typeof socketAnswers];

/** The answer to a command, as it goes out. */
export const answerFrame = ({ event, data }: SocketAnswer, now: number, id: string | undefined): string =>
  JSON.stringify({
    type: "response",
    event,
    data,
    ...(id === undefined ? {} : { id }),
    timestamp: isoTime(now),
  });
