import type { Configuration } from "#src/configuration/index.ts";
import { type Actor, isAccount, isWidgetVisitor } from "#src/kernel/actor.ts";
import type { Clock } from "#src/kernel/clock.ts";
import { networkOf } from "#src/kernel/network.ts";
import type { RateClass } from "#src/kernel/rate-class.ts";
import type { Objects } from "#src/objects/objects.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { Metrics } from "#src/observability/metrics/metrics.ts";
import type { CallLeases, Counted, Taken } from "./call-leases.ts";
import { tooManyCalls } from "./headers.ts";
import type { Standing } from "./lease.ts";
import { limitsOfAddress, limitsOfTier } from "./limits.ts";

/** What counting the calls of an occasion takes. */
export interface Counting {
  leases: CallLeases;
  objects: Pick<Objects, "gate" | "addressGate">;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  config(): Configuration | Promise<Configuration>;
  waitUntil(work: Promise<unknown>): void;
}

/** What the platform does by itself, of which there is only as much as the limits of runs, triggers and schedules allow. */
const uncounted: readonly Actor["kind"][] = ["system", "schedule", "trigger", "run"];

/** Counts the calls of an occasion against the limits of their callers (docs/api.md#rate-limits). */
export class CallLimits {
  readonly #counting: Counting;
  #standing: Standing | undefined;

  constructor(counting: Counting) {
    this.#counting = counting;
  }

  /** How the caller stands after the last call that was counted; none while none was, or where nothing limits them. */
  get standing(): Standing | undefined {
    return this.#standing;
  }

  /**
   * Counts a call of somebody. One that cannot be counted, because the gate does not answer, is let through, and that is
   * counted.
   * @param cost as how many calls it counts; 0 for none
   * @returns what is to be waited for; mostly nothing
   * @throws AppError `RATE_LIMITED` with `Retry-After` beyond a limit
   */
  take(actor: Actor, rate: RateClass, cost = 1): Promise<void> | undefined {
    if (cost === 0) return undefined;
    const config = this.#counting.config();
    if (config instanceof Promise) return config.then((read) => this.#takeBy(read, actor, rate, cost));
    return this.#takeBy(config, actor, rate, cost);
  }

  /** What counts the calls of somebody, for who counts them elsewhere at the same gate; undefined where nothing does. */
  async countedCalls(actor: Actor, rate: RateClass): Promise<Pick<Counted, "key" | "limits"> | undefined> {
    const counted = this.#countedOf(actor, rate, await this.#counting.config());
    return counted?.limits.length ? { key: counted.key, limits: counted.limits } : undefined;
  }

  #takeBy(config: Configuration, actor: Actor, rate: RateClass, cost: number): Promise<void> | undefined {
    const counted = this.#countedOf(actor, rate, config);
    if (counted === undefined || counted.limits.length === 0) return undefined;
    const taken = this.#counting.leases.takeHeld(counted, cost);
    if (taken === undefined) return this.#ask(counted, cost);
    this.#note(taken);
    return undefined;
  }

  async #ask(counted: Counted, cost: number): Promise<void> {
    const { leases, waitUntil } = this.#counting;
    let taken: Taken;
    try {
      taken = await leases.take(counted, cost, waitUntil);
    } catch (error) {
      this.#uncounted(error);
      return;
    }
    this.#note(taken);
  }

  #note({ isAllowed, standing }: Taken): void {
    this.#standing = standing;
    if (!isAllowed) throw tooManyCalls(standing, this.#counting.clock.now());
  }

  /** Under whose name, by which limits and at which gate a call counts; what the platform does by itself does not. */
  #countedOf(actor: Actor, rate: RateClass, { rate_limits }: Configuration): Counted | undefined {
    const { objects } = this.#counting;
    if (uncounted.includes(actor.kind)) return undefined;
    if (isAccount(actor)) {
      const { userId: key, clientId, tier } = actor;
      return { key, limits: limitsOfTier(tier, rate_limits), gate: () => objects.gate(clientId) };
    }
    // Of whoever has been let in: a socket's calls come from no address.
    if (isWidgetVisitor(actor)) {
      const { clientId, visit } = actor;
      return {
        key: `visitor|${visit.visitorId}`,
        limits: limitsOfAddress("visitor"),
        gate: () => objects.gate(clientId),
      };
    }
    const use = rate === "sign-in" ? "sign-in" : "visitor";
    const network = networkOf(actor.device.ip);
    return {
      key: `${use}|${network}`,
      limits: limitsOfAddress(use),
      gate: () => objects.addressGate(network),
    };
  }

  #uncounted(error: unknown): void {
    this.#standing = undefined;
    const { log, metrics } = this.#counting;
    log.warn("limits unreachable, a call is let through uncounted", errorFields(error));
    metrics.count("ai_persona_uncounted_calls_total", {});
  }
}
