import { Buffer } from "node:buffer";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { v7 as uuidv7 } from "uuid";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { keptMs } from "./forget-visitors.ts";
import type { Identity } from "./verify-identity.ts";
import {
  findByToken,
  findKnown,
  insertToken,
  keepToken,
  knowVisitor,
  putVisitor,
  seeVisitor,
} from "./visitor-repository.ts";

/** A visitor, and what they come back with. */
interface Recognised {
  visitorId: string;
  visitorToken: string;
}

/** Where somebody comes in, and what they bring. */
interface Arrival {
  widget: { id: string; clientId: string; requireIdentity: boolean };
  visitorToken: string | undefined;
  identity: Identity | undefined;
}

const hashOf = (token: string): string => bytesToHex(sha256(utf8ToBytes(token)));

const newToken = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `vt_${Buffer.from(bytes).toString("base64url")}`;
};

/**
 * Who comes in: whoever their token is of, or whom their identity names. An identity makes the conversations of the token
 * that comes with it its own where that token was nobody's yet; of nobody else's, by whatever name or address.
 * @throws AppError `INSUFFICIENT_PERMISSIONS` where an identity is needed, or has opened a session before
 */
export async function recogniseVisitor(
  { db, clock }: Pick<Platform, "db" | "clock">,
  { widget, visitorToken, identity }: Arrival,
): Promise<Recognised> {
  const now = clock.now();
  const token = { widgetId: widget.id, hash: hashOf(visitorToken ?? "") };
  const known =
    visitorToken === undefined ? undefined : await findByToken(db, token.widgetId, token.hash, now);
  if (!identity && widget.requireIdentity && !known?.externalId)
    throw new AppError("INSUFFICIENT_PERMISSIONS", { message: "This widget is for signed identities alone" });
  if (!identity) {
    if (!known || visitorToken === undefined) return arriving();
    // What an identity has opened ends with it, however often it comes back.
    const kept = known.externalId === null ? [keepToken(db, token, { expiresAt: now + keptMs })] : [];
    await db.batch([seeVisitor(db, known.id, { seenAt: now }), ...kept]);
    return { visitorId: known.id, visitorToken };
  }
  const { externalId, name, email, expiresAt, id: identityId } = identity;
  if (known?.externalId === externalId && visitorToken !== undefined) {
    // It is used up all the same, by a token that nobody is given: whoever else has seen it comes in by it no more.
    await arriving(identity).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      return seeVisitor(db, known.id, { seenAt: now, name, email });
    });
    return { visitorId: known.id, visitorToken };
  }
  return onlyOnce(async () => {
    if (known?.externalId === null && visitorToken !== undefined) {
      const becoming = { id: known.id, widgetId: widget.id, externalId, name, email, seenAt: now };
      const [{ meta }] = await db.batch([
        knowVisitor(db, becoming),
        keepToken(db, token, { expiresAt, identityId }, { id: known.id, externalId }),
      ]);
      if (meta.changes > 0) return { visitorId: known.id, visitorToken };
    }
    return arriving(identity);
  });

  /** Somebody new, or known by their identity, with a token of their own. */
  async function arriving(who?: Identity): Promise<Recognised> {
    const [id, made] = [uuidv7({ msecs: now }), newToken()];
    const { externalId = null, name = null, email = null } = who ?? {};
    const row = { id, clientId: widget.clientId, widgetId: widget.id, externalId, name, email };
    const opened = {
      widgetId: widget.id,
      hash: hashOf(made),
      visitorId: id,
      identityId: who?.id ?? null,
      expiresAt: who?.expiresAt ?? now + keptMs,
    };
    await db.batch([
      putVisitor(db, { ...row, createdAt: now, seenAt: now }),
      insertToken(db, opened, externalId),
    ]);
    const found = externalId === null ? undefined : await findKnown(db, widget.id, externalId);
    return { visitorId: found?.id ?? id, visitorToken: made };
  }
}

/** An identity that has opened a session already opens no other. */
async function onlyOnce<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("INSUFFICIENT_PERMISSIONS", {
      message: "This identity has opened a session before",
      cause: error,
    });
  }
}
