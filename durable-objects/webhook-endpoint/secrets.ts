import { openText, sealText } from "#src/kernel/sealed-text.ts";
import { newSecret } from "#src/webhook-delivery/index.ts";

const key = "secrets";

/** For so long after a rotation the secret before is in force as well. */
const overlapMs = 24 * 3_600_000;
/** Secrets in force at once, however often they are rotated. */
const maxSecrets = 3;

interface Sealed {
  sealed: Uint8Array<ArrayBuffer>;
  /** Until when it is in force; null for the latest. */
  until: number | null;
}

interface Parts {
  kv: SyncKvStorage;
  /** The first one seals, all of them open. */
  keys: readonly string[];
  /** The endpoint's name: what is sealed for it opens for no other. */
  name: string;
}

/** The secrets of an endpoint, sealed where they lie. */
export class Secrets {
  readonly #parts: Parts;
  /** Those that have been opened, by what was sealed. */
  readonly #opened = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether there is a key to seal with. */
  get canSeal(): boolean {
    return this.#parts.keys.length > 0;
  }

  /** A new secret in the place of those before, which go on for a while. */
  async renew(now: number): Promise<{ secret: string; previousUntil: number }> {
    const { kv, keys, name } = this.#parts;
    const secret = newSecret();
    const sealed = Uint8Array.from(await sealText(keys[0] ?? "", name, secret));
    const previousUntil = now + overlapMs;
    const before = this.#inForce(now).map((one) => ({ ...one, until: one.until ?? previousUntil }));
    kv.put<Sealed[]>(key, [{ sealed, until: null }, ...before].slice(0, maxSecrets));
    return { secret, previousUntil };
  }

  /**
   * Those in force, the latest first.
   * @throws when none of the keys opens one of them
   */
  async all(now: number): Promise<string[]> {
    return Promise.all(this.#inForce(now).map(({ sealed }) => this.#open(sealed)));
  }

  forget(): void {
    this.#parts.kv.delete(key);
    this.#opened.clear();
  }

  #inForce(now: number): Sealed[] {
    const all = this.#parts.kv.get<Sealed[]>(key) ?? [];
    return all.filter(({ until }) => until === null || until > now);
  }

  async #open(sealed: Uint8Array<ArrayBuffer>): Promise<string> {
    const { keys, name } = this.#parts;
    const id = Buffer.from(sealed).toString("base64");
    const known = this.#opened.get(id);
    if (known !== undefined) return known;
    const secret = await Promise.any(keys.map((one) => openText(one, name, sealed.buffer)));
    this.#opened.set(id, secret);
    return secret;
  }
}
