import { z } from "zod";
import { ConfigurationError, type Settings } from "./config.ts";
import { isMonotonous, isPredictable } from "./predictable-secret.ts";

const minimumLength = 32;
const whatKeysAre = `a random secret of at least ${minimumLength} characters`;

const verificationKeysSchema = z.record(z.string().min(1).max(64), z.string());

/** Signing key and verification keys by `kid`. */
export interface KeyRing {
  signingKeyId: string;
  keys: ReadonlyMap<string, Uint8Array>;
}

const rings = new WeakMap<Settings, KeyRing>();

/**
 * The key ring of the settings, made once per isolate.
 * @throws ConfigurationError when the signing key is missing, too weak or, outside
 *   development, predictable; when a verification key is, or has the signing key's id and is another
 */
export function keyRingOf(settings: Settings): KeyRing {
  const known = rings.get(settings);
  if (known) return known;
  const { JWT_SECRET_KEY: secret = "", JWT_KEY_ID: signingKeyId } = settings;
  const isUsable = (text: string): boolean =>
    text.length >= minimumLength &&
    !(settings.ENVIRONMENT === "development" ? isMonotonous(text) : isPredictable(text));
  if (!isUsable(secret)) throw new ConfigurationError(`JWT_SECRET_KEY must be ${whatKeysAre}`);
  const older = Object.entries(olderKeys(settings.JWT_VERIFICATION_KEYS));
  for (const [id, text] of older) {
    // The same key twice is how a rotation begins.
    if (id === signingKeyId && text !== secret)
      throw new ConfigurationError(
        "JWT_VERIFICATION_KEYS has a key under JWT_KEY_ID: the new key needs a new id",
      );
    if (!isUsable(text))
      throw new ConfigurationError(`Each secret of JWT_VERIFICATION_KEYS must be ${whatKeysAre}`);
  }
  const encode = (text: string) => new TextEncoder().encode(text);
  const keys = new Map([...older, [signingKeyId, secret] as const].map(([id, text]) => [id, encode(text)]));
  const ring = { signingKeyId, keys };
  rings.set(settings, ring);
  return ring;
}

/** The key that signs. */
export function signingKeyOf({ keys, signingKeyId }: KeyRing): Uint8Array {
  const key = keys.get(signingKeyId);
  if (!key) throw new ConfigurationError("The key ring has no signing key");
  return key;
}

function olderKeys(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  try {
    return verificationKeysSchema.parse(JSON.parse(text));
  } catch {
    // Without the cause, which would show the secrets.
    throw new ConfigurationError("JWT_VERIFICATION_KEYS must be JSON of key id → secret");
  }
}
