import { z } from "zod";
import { planSchema } from "#src/engine/plans/plan.ts";
import { type RunView, runViewSchema, type StepStatus } from "#src/engine/run-view.ts";
import type { PlatformEvent } from "#src/events/index.ts";
import type { EventName } from "#src/kernel/event-catalogue.ts";
import { type Course, courseOf, shareDone, weightOf } from "./steps-ahead.ts";

/** What an earlier release has told of has no revision. */
const revisionSchema = z.number().catch(Number.POSITIVE_INFINITY);
const errorSchema = z.object({ code: z.string(), message: z.string() });
const statusOfStep = runViewSchema.shape.steps.element.shape.status;

/** What the events of a run's steps say, as far as it is of interest; that of a pause names no status. */
const stepSchema = z.object({ step: z.string(), status: statusOfStep.default("paused") });
const endSchema = z.object({
  status: z.enum(["completed", "failed", "cancelled"]),
  result: z.unknown().optional(),
  error: errorSchema.nullish(),
  /** Parts of an event that were too large for it. */
  omitted: z.array(z.string()).optional(),
});

const heard: ReadonlySet<string> = new Set<EventName>([
  "execution.progress",
  "execution.paused",
  "execution.completed",
  "execution.failed",
  "execution.cancelled",
]);

interface Told {
  status: "in_progress" | "completed" | "failed";
  /** The step that was heard of last. */
  step: string | null;
  progress: number;
  result: unknown;
  error?: z.infer<typeof errorSchema>;
  omitted?: string[];
}

/**
 * A run as whoever started it follows it: as it was read, and what its events have told since. What had been told before,
 * or has been told already, changes nothing.
 */
export class FollowedRun {
  /** Its revision when it was read. */
  readonly #readAt: number;
  readonly #course: Course | undefined;
  readonly #weight: number;
  readonly #begun: Map<string, StepStatus>;
  #seq = 0;
  #told: Told;

  /** @param progress that has been told before, where it is followed anew: it never falls */
  constructor(view: RunView, progress = 0) {
    this.#readAt = view.revision ?? 0;
    const plan = planSchema.safeParse(view.plan).data;
    // A run of a release with other plans has no course: its progress is told when it ends.
    this.#course = plan && courseOf(plan);
    this.#weight = 1 + (this.#course ? weightOf(this.#course) : 0);
    this.#begun = new Map(
      view.steps.flatMap(({ name, status }): [string, StepStatus][] =>
        status === "pending" ? [] : [[name, status]],
      ),
    );
    this.#told = { status: "in_progress", step: view.current_step, progress, result: null };
    this.#goOn(view.current_step);
    const end = endSchema.safeParse(view).data;
    if (end) this.#end(end);
  }

  /** Whether an event says anything of how a workflow stands. What happens in a child run is none of its steps. */
  static hears({ event, data }: Pick<PlatformEvent, "event" | "data">): boolean {
    return heard.has(event) && data.child_id === undefined;
  }

  /** What it takes to hold it: its steps, and what leads to them. */
  get weight(): number {
    return this.#weight;
  }

  get told(): Readonly<Told> {
    return this.#told;
  }

  get isOver(): boolean {
    return this.#told.status !== "in_progress";
  }

  /** @returns whether it says something new of the run */
  take({ event, data, seq }: Pick<PlatformEvent, "event" | "data" | "seq">): boolean {
    const revision = revisionSchema.parse(data.revision);
    const isNews = seq > this.#seq && revision > this.#readAt && !this.isOver;
    if (!isNews || !FollowedRun.hears({ event, data })) return false;
    this.#seq = seq;
    if (event === "execution.progress" || event === "execution.paused") {
      // What a later release says in words of its own is told when the run ends.
      const told = stepSchema.safeParse(data).data;
      if (!told) return false;
      this.#begun.set(told.step, told.status);
      this.#goOn(told.step);
      return true;
    }
    const end = endSchema.safeParse(data).data;
    if (!end || event !== `execution.${end.status}`) return false;
    this.#end(end);
    return true;
  }

  #goOn(step: string | null): void {
    const share = this.#course ? shareDone(this.#course, this.#begun) : 0;
    this.#told = { ...this.#told, step, progress: Math.max(this.#told.progress, share) };
  }

  #end({ status, result = null, error, omitted }: z.infer<typeof endSchema>): void {
    const lacking = omitted?.includes("result") ? { omitted: ["result"] } : {};
    this.#told =
      status === "completed"
        ? { ...this.#told, status, progress: 1, result, ...lacking }
        : { ...this.#told, status: "failed", result, error: error ?? tooLongReason, ...lacking };
  }
}

const tooLongReason = { code: "WORKFLOW_FAILED", message: "The run itself says why" };
