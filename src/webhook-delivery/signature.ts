import { createHmac } from "node:crypto";
import { withoutPrefix } from "#src/text/cut-text.ts";

/** What every secret begins with; the rest is base64 (Standard Webhooks). */
const prefix = "whsec_";
const secretBytes = 32;

/** A new secret: 256 random bits. */
export const newSecret = (): string =>
  prefix + Buffer.from(crypto.getRandomValues(new Uint8Array(secretBytes))).toString("base64");

export interface SignedMessage {
  /** The same at each attempt, so that a receiver knows what it has had. */
  id: string;
  body: string;
  /** When it is sent; epoch milliseconds. */
  at: number;
}

/**
 * The headers that vouch for a message, by Standard Webhooks: one signature for each secret that is in force, so that a
 * receiver that knows any of them can tell.
 */
export function signedHeaders(
  { id, body, at }: SignedMessage,
  secrets: readonly string[],
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(withoutPrefix(secret, prefix), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
