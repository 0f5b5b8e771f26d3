import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { AppError } from "#src/kernel/app-error.ts";
import { dayMs } from "#src/kernel/clock.ts";
import type { Platform } from "#src/platform.ts";

const hourMs = 3_600_000;

/** What has been kept for so long is forgotten, unless somebody has asked for it near the end. */
const keptDays = 30;
const renewedAfterDays = 20;
/** Documents that an isolate keeps for a caller in an hour, and those that it remembers. */
const maxNewAnHour = 100;
const maxRemembered = 1000;

const prefix = "graphql:";
const namedSchema = z.object({ persistedQuery: z.object({ version: z.number(), sha256Hash: z.string() }) });
const sinceSchema = z.object({ keptAt: z.number() });

interface Kept {
  text: string;
  keptAt: number;
}

const remembered = new Map<string, Kept>();
/** How many each caller has had kept, in which hour. */
const counts = new Map<string, { hour: number; count: number }>();

const digestOf = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/**
 * The hash by which a request names its document.
 * @throws AppError `PERSISTED_QUERY_NOT_SUPPORTED`
 */
export function namedHash(extensions: unknown): string | undefined {
  const { data } = namedSchema.safeParse(extensions);
  if (!data) return undefined;
  const { version, sha256Hash } = data.persistedQuery;
  if (version !== 1) throw new AppError("PERSISTED_QUERY_NOT_SUPPORTED", { details: { supported: [1] } });
  return sha256Hash.toLowerCase();
}

/** @throws AppError `PERSISTED_QUERY_MISMATCH` for the hash of another text */
export function requireHashOf(text: string, hash: string): void {
  if (digestOf(text) !== hash) throw new AppError("PERSISTED_QUERY_MISMATCH");
}

/**
 * Documents that are named by their hash instead of being sent (automatic persisted queries), shared by all: they are no
 * secret. KV tells of them late, so one may be unknown elsewhere for a minute; who asks sends it again, as they would anyway.
 */
export class PersistedQueries {
  readonly #store: KVNamespace;
  readonly #platform: Pick<Platform, "clock" | "later">;

  constructor(store: KVNamespace, platform: Pick<Platform, "clock" | "later">) {
    this.#store = store;
    this.#platform = platform;
  }

  /** @throws AppError `PERSISTED_QUERY_NOT_FOUND` */
  async find(hash: string): Promise<string> {
    const kept = remembered.get(hash) ?? (await this.#read(hash));
    if (!kept) throw new AppError("PERSISTED_QUERY_NOT_FOUND");
    if (this.#platform.clock.now() - kept.keptAt > renewedAfterDays * dayMs) this.#write(hash, kept.text);
    return kept.text;
  }

  /** Keeps a document that can be carried out, unless its caller has had too many kept. */
  keep(hash: string, text: string, userId: string): void {
    if (remembered.has(hash) || !this.#isWithinCount(userId)) return;
    this.#write(hash, text);
  }

  #isWithinCount(userId: string): boolean {
    const hour = Math.floor(this.#platform.clock.now() / hourMs);
    const before = counts.get(userId);
    const count = before?.hour === hour ? before.count + 1 : 1;
    if (counts.size >= maxRemembered && !before) counts.clear();
    counts.set(userId, { hour, count });
    return count <= maxNewAnHour;
  }

  async #read(hash: string): Promise<Kept | undefined> {
    if (!/^[0-9a-f]{64}$/.test(hash)) return undefined;
    const { value: text, metadata } = await this.#store.getWithMetadata(prefix + hash, { cacheTtl: 3600 });
    if (text === null) return undefined;
    const kept = { text, keptAt: sinceSchema.safeParse(metadata).data?.keptAt ?? 0 };
    this.#remember(hash, kept);
    return kept;
  }

  #write(hash: string, text: string): void {
    const kept = { text, keptAt: this.#platform.clock.now() };
    this.#remember(hash, kept);
    const options = { expirationTtl: (keptDays * dayMs) / 1000, metadata: { keptAt: kept.keptAt } };
    this.#platform.later("a persisted query was not kept", () =>
      this.#store.put(prefix + hash, text, options),
    );
  }

  #remember(hash: string, kept: Kept): void {
    const [oldest] = remembered.keys();
    if (remembered.size >= maxRemembered && oldest !== undefined) remembered.delete(oldest);
    remembered.set(hash, kept);
  }
}
