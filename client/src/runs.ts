import type { components } from "./api-types.ts";
import { dataOf } from "./errors.ts";
import { patiently } from "./pauses.ts";
import { Run, type RunParts } from "./run.ts";

/** What a persona is executed with. */
export type Execution = components["schemas"]["Execute"] & {
  /** The same key with the same input is the same run for 24 hours; one of its own when left out. */
  idempotencyKey?: string;
  signal?: AbortSignal;
};

/** Executions of personas. */
export class Runs {
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** Begins an execution of a persona instance. @throws PersonaError; TypeError when the platform cannot be reached */
  async execute(instanceId: string, execution: Execution = {}): Promise<Run> {
    const { idempotencyKey = crypto.randomUUID(), signal, ...body } = execution;
    const begin = () =>
      this.#parts.api.POST("/api/v1/personas/instances/{instance_id}/execute", {
        params: { path: { instance_id: instanceId }, header: { "idempotency-key": idempotencyKey } },
        body,
        signal,
      });
    return this.of(dataOf(await patiently(begin, signal)).correlation_id);
  }

  /** A run that was begun before, by its `correlation_id`. */
  of(id: string): Run {
    return new Run(id, this.#parts);
  }
}
