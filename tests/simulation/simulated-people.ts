import { pausesOf } from "../../src/workflows/engine.ts";
import { isFinished, type RunState } from "../../src/workflows/run-state.ts";
import type { StartRun } from "../../src/workflows/tenant-workflows-api.ts";
import { Mishap } from "./mishap.ts";
import type { World } from "./world.ts";

/** Everybody who starts, answers, cancels and terminates runs: too early, too late, twice, or not at all. */
export class SimulatedPeople {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Starts a run, and repeats that under the same key until there is an answer. */
  async start(request: StartRun, key: string): Promise<void> {
    const { timeline, chance, object } = this.#world;
    await timeline.sleep(chance.between(0, 20_000));
    const callers = chance.happens(0.2) ? 2 : 1;
    for (let caller = 0; caller < callers; caller++) this.#world.spawn(this.#insist(request, key));
    if (chance.happens(0.25)) this.#world.spawn(this.#interfere());
    if (chance.happens(0.2)) {
      await timeline.sleep(chance.between(0, 60_000));
      await this.#tolerant(() => this.#answer(this.#someRun(), chance.happens(0.8)));
    }
    object.alarmMoved();
  }

  async #insist(request: StartRun, key: string): Promise<void> {
    const { timeline, chance, object } = this.#world;
    const idempotency = { key, bodyDigest: key };
    for (;;) {
      try {
        const outcome = await object.call(
          `start ${key}`,
          ({ desk }, now) => desk.start({ ...request, idempotency }, now),
          ({ ok }) => ok,
        );
        if (!outcome.ok) return this.#world.violation(`start refused: ${outcome.message}`);
        return this.#world.started(key, outcome.value.correlationId);
      } catch (error) {
        if (!(error instanceof Mishap)) throw error;
        await timeline.sleep(chance.between(100, 3000));
      }
    }
  }

  /** Somebody sees a pause: answers soon, late, twice, or never. */
  async sees(run: RunState): Promise<void> {
    const { timeline, chance } = this.#world;
    if (chance.happens(0.3)) return;
    const times = chance.happens(0.2) ? 2 : 1;
    for (let time = 0; time < times; time++) {
      await timeline.sleep(chance.between(1, 70_000));
      await this.#tolerant(() =>
        this.#answer(run.header.parent?.rootId ?? run.header.id, chance.happens(0.9)),
      );
    }
  }

  /** Whoever has gone home comes back: every pause gets its answer. */
  async answerAll(): Promise<void> {
    for (const run of this.#world.runs.values()) {
      if (isFinished(run) || run.header.parent !== null || run.status !== "paused") continue;
      await this.#tolerant(() => this.#answer(run.header.id, true));
    }
  }

  async #answer(runId: string | undefined, approved: boolean): Promise<void> {
    const { object, chance } = this.#world;
    const violation = (problem: string) => this.#world.violation(problem);
    const known = runId === undefined ? undefined : this.#world.runs.get(runId);
    if (!known) return;
    const step = chance.happens(0.5) ? pausesOf(known)[0]?.name : undefined;
    const feedback = chance.happens(0.5) ? "Go on" : undefined;
    await object.call(
      `answer ${known.header.id} ${approved}`,
      ({ desk }, now) => {
        const run = desk.visible(known.header.id, "tenant");
        if (!run) return undefined;
        const outcome = desk.answer(run, { approved, feedback, step, userId: "user-2" }, now);
        if (step === undefined && outcome.ok !== (run.status === "paused"))
          violation(`${run.header.id} is ${run.status}, and takes an answer: ${outcome.ok}`);
        const waits = (of: RunState | undefined) => of && pausesOf(of).some(({ name }) => name === step);
        if (outcome.ok && waits(run) && waits(desk.visible(run.header.id, "tenant")))
          violation(`${step} was answered, and still waits`);
        return outcome;
      },
      (outcome) => outcome?.ok ?? false,
    );
  }

  /** Cancels or terminates some run, also one that is the child of another, at some time. */
  async #interfere(): Promise<void> {
    const { timeline, chance, object } = this.#world;
    const violation = (problem: string) => this.#world.violation(problem);
    await timeline.sleep(chance.between(0, 60_000));
    const id = this.#someRun();
    if (id === undefined) return;
    if (chance.happens(0.3)) return this.#sendAgain(id);
    const isCancel = chance.happens(0.5);
    await this.#tolerant(() =>
      object.call(
        `${isCancel ? "cancel" : "terminate"} ${id}`,
        ({ desk }, now) => {
          const run = desk.visible(id, "tenant");
          if (!run) return undefined;
          const outcome = desk.end(
            run,
            isCancel ? { type: "cancel", reason: "No" } : { type: "terminate" },
            now,
          );
          if (outcome.ok === isFinished(run))
            violation(`${id} is ${run.status}, and ended by hand: ${outcome.ok}`);
          return outcome;
        },
        (outcome) => outcome?.ok ?? false,
      ),
    );
  }

  /** An administrator has the tasks of a run sent again, whoever works on them. */
  async #sendAgain(id: string): Promise<void> {
    const { object, ledger } = this.#world;
    ledger.excuseAll();
    await this.#tolerant(() =>
      object.call(
        `send again ${id}`,
        ({ leases }, now) => leases.sendAgain(id, now),
        () => true,
      ),
    );
  }

  #someRun(): string | undefined {
    const ids = [...this.#world.runs.keys()];
    return ids[this.#world.chance.between(0, Math.max(0, ids.length - 1))];
  }

  async #tolerant(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Mishap)) throw error;
    }
  }
}
