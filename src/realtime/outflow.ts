import { z } from "zod";

/** Bytes that a socket is sent without saying that it took them; the runtime does not tell what lies unsent. */
const maxUnacknowledged = 1024 * 1024;

/** After so many bytes the client is asked whether it has them. */
const askAfter = 256 * 1024;

/** What went out on a socket, and how much of it the client is known to have taken; in bytes. */
export const outflowSchema = z.object({
  sent: z.number().int().nonnegative(),
  taken: z.number().int().nonnegative(),
  /** Questions without an answer yet, oldest first, each with what was sent before it. */
  asked: z.array(z.object({ id: z.string(), sent: z.number().int().nonnegative() })),
});

export type Outflow = z.infer<typeof outflowSchema>;

export const noOutflow: Outflow = { sent: 0, taken: 0, asked: [] };

/** Whether a frame may still go out before the client says that it took earlier ones. */
export const hasRoom = ({ sent, taken }: Outflow, bytes: number): boolean =>
  sent - taken + bytes <= maxUnacknowledged;

/** Counts a frame that goes out. */
export const withSent = (outflow: Outflow, bytes: number): Outflow => ({
  ...outflow,
  sent: outflow.sent + bytes,
});

/** Whether enough has gone out since the last question for another one. */
export const isQuestionDue = ({ sent, taken, asked }: Outflow): boolean =>
  sent - (asked.at(-1)?.sent ?? taken) >= askAfter;

/** Notes a question; its id cannot be guessed, so that only who has read it can answer. */
export const withQuestion = (outflow: Outflow, id: string): Outflow => ({
  ...outflow,
  asked: [...outflow.asked, { id, sent: outflow.sent }],
});

/** The answer to a question: all that was sent before it has been taken. Undefined when nobody asked. */
export function withAnswer(outflow: Outflow, id: string): Outflow | undefined {
  const index = outflow.asked.findIndex((question) => question.id === id);
  const question = outflow.asked[index];
  return question && { ...outflow, taken: question.sent, asked: outflow.asked.slice(index + 1) };
}
