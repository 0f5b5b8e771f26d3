import { z } from "zod";
import { boundedFetch } from "#src/http/bounded-fetch.ts";
import { EgressError } from "./egress-error.ts";

const timeoutMs = 5000;
const maxAnswerBytes = 64 * 1024;

/** Numbers of DNS: kinds of records, and what became of a question. */
const records = { A: 1, AAAA: 28 } as const;
const statuses = { found: 0, noSuchName: 3 } as const;

/** The JSON form in which Cloudflare, Google and others answer over HTTPS. */
const answerSchema = z.object({
  Status: z.number(),
  Answer: z.array(z.object({ type: z.number(), data: z.string() })).default([]),
});

/** Looks names up. */
export interface NameServer {
  /** @throws EgressError `NAME_UNRESOLVED` for a name that has no address, or when nobody can say */
  addressesOf(name: string): Promise<string[]>;
}

/** A name server that is asked over HTTPS. */
export function nameServer(url: string, fetch: typeof globalThis.fetch): NameServer {
  const ask = async (name: string, type: keyof typeof records): Promise<string[]> => {
    const question = new URL(url);
    question.searchParams.set("name", name);
    question.searchParams.set("type", type);
    const answer = await boundedFetch(fetch, maxAnswerBytes)(question, {
      headers: { accept: "application/dns-json" },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { Status: status, Answer: found } = answerSchema.parse(await answer.json());
    if (status === statuses.noSuchName) return [];
    if (status !== statuses.found) throw new Error(`The name server answered ${status}`);
    return found.filter((record) => record.type === records[type]).map(({ data }) => data);
  };
  return {
    async addressesOf(name) {
      let found: string[];
      try {
        found = (await Promise.all([ask(name, "A"), ask(name, "AAAA")])).flat();
      } catch (cause) {
        throw new EgressError("NAME_UNRESOLVED", "The host name could not be looked up", { cause });
      }
      if (found.length === 0) throw new EgressError("NAME_UNRESOLVED", "The host name has no address");
      return found;
    },
  };
}
