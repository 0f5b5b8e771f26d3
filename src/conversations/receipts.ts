/** How far a participant has got, by numbers of messages. */
export interface Receipt {
  delivered: number;
  read: number;
}

/**
 * What holds after somebody has said how far they have got: it only grows, never beyond the last message, and what is
 * read has been delivered.
 */
export function withReceipt(held: Receipt, said: Partial<Receipt>, lastSeq: number): Receipt {
  const within = (seq: number | undefined) => Math.min(seq ?? 0, lastSeq);
  const read = Math.max(held.read, within(said.read));
  return { read, delivered: Math.max(held.delivered, within(said.delivered), read) };
}
