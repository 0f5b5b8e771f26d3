import { Buffer } from "node:buffer";

const random = (bytes: number): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("base64url");

/** What pages name a widget by: not to be guessed, and no secret. */
export const newWidgetKey = (): string => `wk_${random(18)}`;

/** What a tenant's server signs identities with. */
export const newWidgetSecret = (): string => `ws_${random(32)}`;
