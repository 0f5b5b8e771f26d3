import type { ApiClient } from "./api.ts";
import type { components } from "./api-types.ts";
import { dataOf, isPassing, refusalOf } from "./errors.ts";
import type { PlatformEvent } from "./events.ts";
import { addedTo, LiveTexts, type TextUpdate } from "./live-texts.ts";
import { patiently, pauseAfter, waited } from "./pauses.ts";
import { serverSentEvents } from "./server-sent-events.ts";
import type { Fetch } from "./signed-fetch.ts";

/** A run as the platform shows it. */
export type RunView = components["schemas"]["Run"];

/** A run that has come to no result: it failed, or was cancelled. */
export class RunError extends Error {
  override readonly name = "RunError";
  readonly run: RunView;

  constructor(run: RunView) {
    super(run.error?.message ?? `The run is ${run.status}`);
    this.run = run;
  }
}

/** What a run is followed with. */
export interface RunParts {
  api: ApiClient;
  baseUrl: string;
  fetch: Fetch;
}

interface Following {
  signal?: AbortSignal;
  /** The event after which to begin, as an earlier one's `id`; from the run's beginning when left out. */
  since?: string;
}

/** An event of a run, with what to go on after should the reader be another one next time. */
export type RunEvent = PlatformEvent & { id?: string };

/** An answer to a run that waits for a person. */
export interface Answer {
  /** Which of the steps that wait; needed while several do. */
  step?: string;
  /** Any JSON. */
  feedback?: unknown;
  signal?: AbortSignal;
}

const ends: readonly string[] = ["execution.completed", "execution.failed", "execution.cancelled"];
const hasEnded = ({ status }: RunView) =>
  status === "completed" || status === "failed" || status === "cancelled";

/** One execution of a persona, under way or over. */
export class Run {
  /** Its `correlation_id`. */
  readonly id: string;
  readonly #parts: RunParts;

  constructor(id: string, parts: RunParts) {
    this.id = id;
    this.#parts = parts;
  }

  /** As it stands. @throws PersonaError */
  async view({ signal }: { signal?: AbortSignal } = {}): Promise<RunView> {
    const { api } = this.#parts;
    const read = () => api.GET("/api/v1/personas/runs/{correlation_id}", { params: this.#params, signal });
    return dataOf(await patiently(read, signal));
  }

  /**
   * What happens in it, to its end; each event of the log once and in order, whatever becomes of the connection.
   * @throws PersonaError when it may not be followed (any more); the signal's reason
   */
  async *events({ signal, since }: Following = {}): AsyncGenerator<RunEvent> {
    let last = since;
    for (let failures = 0; ; ) {
      let failure: unknown;
      try {
        const response = await this.#open(last, signal);
        if (response.status === 204) return;
        if (!response.ok || !response.body) throw await refusalOf(response);
        for await (const { id, event, data } of serverSentEvents(response.body)) {
          last = id ?? last;
          failures = 0;
          if (data === "") continue;
          const told: RunEvent = Object.assign(JSON.parse(`{"data":${data}}`), { event, id });
          yield told;
          if (this.#isEnd(told)) return;
        }
        failures++;
      } catch (error) {
        signal?.throwIfAborted();
        if (!isPassing(error)) throw error;
        failure = error;
        failures++;
      }
      await waited(pauseAfter(failure, failures), signal);
    }
  }

  #open(since: string | undefined, signal: AbortSignal | undefined): Promise<Response> {
    const { baseUrl, fetch } = this.#parts;
    const headers = { accept: "text/event-stream", ...(since !== undefined && { "last-event-id": since }) };
    return fetch(new Request(`${baseUrl}/api/v1/personas/runs/${this.id}/events`, { headers, signal }));
  }

  /** Child runs end under the id of the run above them. */
  #isEnd({ event, data }: RunEvent): boolean {
    return ends.includes(event) && !("child_id" in data && data.child_id !== undefined);
  }

  /**
   * Its texts while they are written, to the run's end: each update takes the place of the one before of its task, and the
   * last is what is stored.
   * @param step only of this step
   * @throws as `events`
   */
  async *text({ step, signal }: { step?: string; signal?: AbortSignal } = {}): AsyncGenerator<TextUpdate> {
    const texts = new LiveTexts();
    const fits = (update: Pick<TextUpdate, "step">) => step === undefined || update.step === step;
    for await (const event of this.events({ signal })) {
      const update = texts.take(event);
      if (!update || !fits(update) || update.added === "") continue;
      yield update;
    }
    // What was not watched, or came too late to be shown.
    for (const stored of storedTexts(await this.view({ signal }))) {
      const added = addedTo(texts.of(stored.taskId), stored.text);
      if (added !== "" && fits(stored)) yield { ...stored, added };
    }
  }

  /**
   * Waits until it has ended, however often it waits for a person before that.
   * @returns the run, completed
   * @throws RunError when it has failed or was cancelled; PersonaError; the signal's reason
   */
  async result({ signal }: { signal?: AbortSignal } = {}): Promise<RunView> {
    let run = await this.view({ signal });
    if (!hasEnded(run)) {
      for await (const _ of this.events({ signal }));
      run = await this.view({ signal });
    }
    if (run.status !== "completed") throw new RunError(run);
    return run;
  }

  /** Lets it go on. @throws PersonaError when it waits for nobody */
  approve(answer: Answer = {}): Promise<void> {
    return this.#answer(true, answer);
  }

  /** Ends it, or has it take the way that its plan has for that. @throws PersonaError when it waits for nobody */
  reject(answer: Answer = {}): Promise<void> {
    return this.#answer(false, answer);
  }

  async #answer(approved: boolean, { signal, ...body }: Answer): Promise<void> {
    const header = { "idempotency-key": crypto.randomUUID() };
    const say = () =>
      this.#parts.api.POST("/api/v1/personas/runs/{correlation_id}/resume", {
        params: { ...this.#params, header },
        body: { approved, ...body },
        signal,
      });
    dataOf(await patiently(say, signal));
  }

  get #params() {
    return { path: { correlation_id: this.id } };
  }
}

/** The texts that a run has stored, one for each task that has written one; a step without tasks hands on another's. */
function* storedTexts({ correlation_id, steps }: RunView): Generator<Omit<TextUpdate, "added">> {
  for (const { name, output, tasks } of steps) {
    if (!tasks?.completed || typeof output !== "object" || output === null || !("text" in output)) continue;
    const { text } = output;
    if (typeof text === "string") yield { taskId: `${correlation_id}.${name}.main`, step: name, text };
  }
}
