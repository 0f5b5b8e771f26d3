import { z } from "zod";
import { type RunView, runViewSchema } from "#src/engine/run-view.ts";
import { type TaskView, taskViewSchema } from "#src/engine/task-view.ts";
import type { RunScope } from "#src/objects/runs-api.ts";

const keyOf = (clientId: string, runId: string): string => `runs/${clientId}/${runId}.json`;

/** A run, and its tasks beside it; what an earlier release archived has none. */
const archivedSchema = runViewSchema.extend({ tasks: z.array(taskViewSchema).default([]) });

interface ArchivedRun {
  view: RunView;
  tasks: TaskView[];
}

/** Runs that ended long ago, in R2: still readable, at no cost to the object that held them. */
export class RunArchive {
  readonly #blobs: R2Bucket;
  readonly #clientId: string;

  constructor(blobs: R2Bucket, clientId: string) {
    this.#blobs = blobs;
    this.#clientId = clientId;
  }

  async put({ view, tasks }: ArchivedRun, userId: string): Promise<void> {
    await this.#blobs.put(keyOf(this.#clientId, view.correlation_id), JSON.stringify({ ...view, tasks }), {
      httpMetadata: { contentType: "application/json" },
      customMetadata: { user_id: userId },
    });
  }

  /** The run, if it is there and within the caller's reach. */
  async get(correlationId: string, scope: RunScope): Promise<ArchivedRun | undefined> {
    const stored = await this.#blobs.get(keyOf(this.#clientId, correlationId));
    const isVisible = scope === "tenant" || stored?.customMetadata?.user_id === scope.userId;
    if (!stored || !isVisible) return undefined;
    const { tasks, ...view } = archivedSchema.parse(await stored.json());
    return { view, tasks };
  }

  /** A run that lies in the archive and all runs below it; the run alone where it does not. */
  async familyOf(runId: string): Promise<string[]> {
    const family = [runId];
    for (const id of family) {
      const { view } = (await this.get(id, "tenant")) ?? {};
      family.push(...(view?.children ?? []).map(({ correlation_id }) => correlation_id));
    }
    return family;
  }

  /** Removes runs, with what their tasks were given and the pictures that they have made; the first of them last. */
  async erase(runIds: readonly string[]): Promise<void> {
    await this.forgetPayloads(runIds);
    for (const runId of runIds.toReversed()) {
      await this.#removeAll(`images/${this.#clientId}/${runId}/`);
      await this.#blobs.delete(keyOf(this.#clientId, runId));
    }
  }

  /** Removes task inputs that travelled through R2 and that nobody took away. */
  async forgetPayloads(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) await this.#removeAll(`payloads/${this.#clientId}/${runId}.`);
  }

  async #removeAll(prefix: string): Promise<void> {
    for (let isMore = true; isMore; ) {
      const page = await this.#blobs.list({ prefix });
      if (page.objects.length > 0) await this.#blobs.delete(page.objects.map(({ key }) => key));
      isMore = page.truncated;
    }
  }
}
