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
  /** Those that are kept, once they were read: nobody else writes them, and every message asks. */
  #kept: Sealed[] | undefined;
  /** What has been opened. */
  readonly #opened = new Map<Sealed, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether there is a key to seal with. */
  get canSeal(): boolean {
    return this.#parts.keys.length > 0;
  }

  /** A new secret in the place of those before, which go on for a while. */
  async renew(now: number): Promise<{ secret: string; previousUntil: number }> {
    const { keys, name } = this.#parts;
    const secret = newSecret();
    const sealed = Uint8Array.from(await sealText(keys[0] ?? "", name, secret));
    const previousUntil = now + overlapMs;
    const before = this.#inForce(now).map((one) => ({ ...one, until: one.until ?? previousUntil }));
    this.#keep([{ sealed, until: null }, ...before].slice(0, maxSecrets));
    return { secret, previousUntil };
  }

  /**
   * Those in force, the latest first.
   * @throws when none of the keys opens one of them
   */
  async all(now: number): Promise<string[]> {
    return Promise.all(this.#inForce(now).map((one) => this.#open(one)));
  }

  forget(): void {
    this.#parts.kv.delete(key);
    this.#kept = undefined;
    this.#opened.clear();
  }

  #keep(kept: Sealed[]): void {
    this.#parts.kv.put<Sealed[]>(key, kept);
    this.#kept = kept;
    this.#opened.clear();
  }

  #inForce(now: number): Sealed[] {
    this.#kept ??= this.#parts.kv.get<Sealed[]>(key) ?? [];
    return this.#kept.filter(({ until }) => until === null || until > now);
  }

  async #open(one: Sealed): Promise<string> {
    const { keys, name } = this.#parts;
    const known = this.#opened.get(one);
    if (known !== undefined) return known;
    const secret = await Promise.any(keys.map((each) => openText(each, name, one.sealed.buffer)));
    this.#opened.set(one, secret);
    return secret;
  }
}
