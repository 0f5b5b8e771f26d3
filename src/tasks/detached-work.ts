import type { Settings } from "#src/kernel/config.ts";

/** Work that is open in this isolate at a time; more of it waits on its queue. */
const max = 256;
/** Work of a request that the runtime has ended is never told to be over. */
const forgottenAfterMs = 600_000;

/** When each piece of open work began, of all batches in this isolate. */
const open = new Map<symbol, number>();

/**
 * Lets a batch be answered while its work goes on. A local queue hands over one
 * batch at a time and waits for it: one slow call would hold up every tenant.
 * In production the platform runs batches side by side, and work that outlives
 * its batch is ended after 30 seconds, so there it stays with its batch.
 */
export class DetachedWork {
  readonly #waitUntil: (work: Promise<unknown>) => void;
  readonly #afterEach: () => void;

  /** @param afterEach is called when a piece of work is over */
  constructor(waitUntil: (work: Promise<unknown>) => void, afterEach = () => {}) {
    this.#waitUntil = waitUntil;
    this.#afterEach = afterEach;
  }

  /** Resolves when this isolate can take another batch. */
  async room(): Promise<void> {
    for (;;) {
      const now = Date.now();
      for (const [work, since] of open) if (since < now - forgottenAfterMs) open.delete(work);
      if (open.size < max) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  take(work: Promise<unknown>): void {
    const id = Symbol();
    open.set(id, Date.now());
    this.#waitUntil(
      work.finally(() => {
        open.delete(id);
        this.#afterEach();
      }),
    );
  }
}

/** Where queues are local. */
export const detachedWork = (
  { LOCAL_QUEUES }: Pick<Settings, "LOCAL_QUEUES">,
  ...given: ConstructorParameters<typeof DetachedWork>
): DetachedWork | undefined => (LOCAL_QUEUES ? new DetachedWork(...given) : undefined);
