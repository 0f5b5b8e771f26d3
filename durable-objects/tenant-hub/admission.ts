import type { Extent } from "#src/events/index.ts";
import type { HubAddress } from "#src/objects/events-api.ts";
import type { OwnObjects } from "#src/objects/objects.ts";
import { type Caller, closeCodes } from "#src/realtime/index.ts";
import type { AllSockets } from "./all-sockets.ts";
import type { GraphqlHub } from "./graphql-hub.ts";
import type { HubAlarm } from "./hub-alarm.ts";
import type { ToldLog } from "./told-log.ts";

interface Parts {
  objects: Pick<OwnObjects, "workflows" | "gate">;
  log: Pick<ToldLog, "is" | "reaches">;
  all: Pick<AllSockets, "each">;
  graphql: Pick<GraphqlHub, "missed">;
  alarm: Pick<HubAlarm, "by">;
}

/** Who may come in, and which log they are told of. */
export class Admission {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Where the log stands, of which the hub is told from now on; undefined where the session of whoever comes has ended
   * since the gateway looked.
   * @param lookAt when to look after the socket first
   */
  async admit(
    { clientId, sessionId, expiresAt }: Caller,
    at: HubAddress | undefined,
    lookAt: number,
  ): Promise<Extent | undefined> {
    const { objects, alarm, log } = this.#parts;
    const [extent, isShutOut] = await Promise.all([
      objects.workflows(clientId).greetListener(at),
      objects.gate(clientId).isShutOut(sessionId),
      alarm.by(Math.min(expiresAt, lookAt)),
    ]);
    if (isShutOut) return undefined;
    this.logIs(extent.epoch);
    log.reaches(extent.latest);
    return extent;
  }

  /** Sockets that have heard another log end: they come again, and are told of the gap. */
  logIs(epoch: string | undefined): void {
    const { log, graphql, all } = this.#parts;
    if (!log.is(epoch)) return;
    graphql.missed();
    all.each((listener) => {
      if ((listener.place.epoch ?? epoch) !== epoch)
        listener.end(closeCodes.elsewhere, "Come again: the log has begun anew");
    });
  }
}
