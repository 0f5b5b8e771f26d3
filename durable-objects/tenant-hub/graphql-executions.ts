import type { Outcome, Refusal } from "#src/kernel/outcome.ts";
import { type GraphqlCallsApi, type GraphqlHappening, maxGraphqlOperations } from "#src/realtime/index.ts";
import { type Frame, frameOf } from "./frame.ts";
import type { GraphqlDocuments } from "./graphql-documents.ts";
import type { Following } from "./graphql-following.ts";

/** Happenings that the gateway is asked about at once. */
const maxTogether = 20;

/** A result, or why there is none; then also in whose name it was asked for. */
export type Told = { ok: true; payload: Frame } | (Refusal & { askedBy: string });

interface Batch {
  happenings: GraphqlHappening[];
  told: Promise<Outcome<Frame[]> & { askedBy: string }>;
}

/**
 * Has the gateway carry subscriptions out: for each happening once, for however many sockets follow the same, and for
 * several happenings with one call.
 */
export class GraphqlExecutions {
  readonly #gateway: Pick<GraphqlCallsApi, "tellGraphql">;
  readonly #documents: Pick<GraphqlDocuments, "find">;
  /** What is on its way, by who is told it and what has happened. */
  readonly #underWay = new Map<string, Promise<Told>>();
  /** What the gateway is about to be asked. */
  readonly #open = new Map<string, Batch>();

  constructor(gateway: Pick<GraphqlCallsApi, "tellGraphql">, documents: Pick<GraphqlDocuments, "find">) {
    this.#gateway = gateway;
    this.#documents = documents;
  }

  /**
   * What a subscription is told of a happening. Where the session in whose name it was asked for has ended, whoever it was
   * asked for as well asks again.
   */
  async of(following: Following, happening: GraphqlHappening): Promise<Told> {
    const { sessionId } = following.caller;
    for (let asked = 0; ; asked++) {
      const told = await this.#once(following, happening);
      const isTheirs = told.ok || !isSessionOver(told) || told.askedBy === sessionId;
      if (isTheirs || asked > maxGraphqlOperations) return told;
    }
  }

  #once(following: Following, happening: GraphqlHappening): Promise<Told> {
    const { seq, data } = happening;
    const id = `${following.key} ${seq ?? JSON.stringify(data)}`;
    const known = this.#underWay.get(id);
    if (known) return known;
    const told = this.#together(following, happening).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, told);
    return told;
  }

  async #together(following: Following, happening: GraphqlHappening): Promise<Told> {
    const { key } = following;
    const open = this.#open.get(key);
    const batch = open && open.happenings.length < maxTogether ? open : this.#begin(following);
    const index = batch.happenings.push(happening) - 1;
    const { askedBy, ...outcome } = await batch.told;
    if (!outcome.ok) return { ...outcome, askedBy };
    const payload = outcome.value[index];
    return payload
      ? { ok: true, payload }
      : { ok: false, code: "INTERNAL_ERROR", message: undefined, details: undefined, askedBy };
  }

  #begin(following: Following): Batch {
    const { key, caller } = following;
    const happenings: GraphqlHappening[] = [];
    const ask = async () => {
      // Whatever else happens at the same time is asked about with it.
      await null;
      if (this.#open.get(key) === batch) this.#open.delete(key);
      return { ...(await this.#ask(following, happenings)), askedBy: caller.sessionId };
    };
    const batch: Batch = { happenings, told: ask() };
    this.#open.set(key, batch);
    return batch;
  }

  async #ask({ caller, followed }: Following, happenings: GraphqlHappening[]): Promise<Outcome<Frame[]>> {
    const { digest, name, variables } = followed;
    const document = this.#documents.find(digest);
    if (document === undefined) return { ok: false, code: "INTERNAL_ERROR" };
    const operation = { document, name, variables };
    const outcome = await this.#gateway.tellGraphql({ caller, operation, happenings });
    return outcome.ok ? { ok: true, value: outcome.value.map(frameOf) } : outcome;
  }
}

/** Whether a refusal is of whoever asks, and not of what is asked. */
export const isSessionOver = ({ code }: Pick<Refusal, "code">): boolean =>
  code === "TOKEN_EXPIRED" || code === "TOKEN_INVALID" || code === "UNAUTHORIZED";
