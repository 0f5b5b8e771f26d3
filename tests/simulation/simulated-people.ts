import { isDeepStrictEqual } from "node:util";
import { isFinished, type RunState, type StepState, type TaskState } from "#src/engine/run-state.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { gatesOf } from "#src/engine/waiting.ts";
import type { RunAnswer } from "#src/objects/runs-api.ts";
import { Mishap } from "./mishap.ts";
import type { World } from "./world.ts";

/** Everybody who starts, answers, cancels and terminates runs: too early, too late, twice, or not at all. */
export class SimulatedPeople {
  readonly #world: World;
  #answers = 0;

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
      await this.#say(this.#someRun(), this.#answer(chance.happens(0.8)));
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

  /** Somebody sees a pause: answers it soon, late, or never, perhaps with others who do the same; and some insist. */
  async sees(run: RunState): Promise<void> {
    const { timeline, chance } = this.#world;
    if (chance.happens(0.3)) return;
    const gates = gatesOf(run);
    const gate = gates[chance.between(0, Math.max(0, gates.length - 1))];
    const others = chance.happens(0.2) ? 1 : 0;
    for (let person = 0; person <= others; person++) {
      await timeline.sleep(chance.between(1, 70_000));
      if (chance.happens(0.4)) {
        await this.#say(run.header.parent?.rootId ?? run.header.id, this.#answer(chance.happens(0.9)));
        continue;
      }
      // What is said twice is one answer: it names its step where that is, or has a key.
      const answer = this.#answer(chance.happens(0.9));
      const named = chance.happens(0.5) ? { ...answer, step: gate?.step } : answer;
      const once = named.step === undefined || chance.happens(0.3) ? withKey(named) : named;
      const times = chance.pick([1, 2, 3]);
      for (let time = 0; time < times; time++) {
        this.#world.spawn(this.#say(run.header.id, once));
        if (chance.happens(0.5)) await timeline.sleep(chance.between(1, 20_000));
      }
    }
  }

  /** Whoever has gone home comes back: every pause gets its answer, the latest first. */
  async answerAll(): Promise<void> {
    for (const run of this.#world.runs.values()) {
      if (isFinished(run)) continue;
      for (const { step } of gatesOf(run).reverse())
        await this.#say(run.header.id, { ...this.#answer(true), step });
    }
  }

  #answer(approved: boolean): RunAnswer {
    const rights = { role: "admin" as const, permissions: ["*"] };
    return { approved, userId: "user-2", rights, feedback: { answer: ++this.#answers } };
  }

  /** Says something to a run, which is as often said as it is, and counts once. */
  async #say(runId: string | undefined, answer: RunAnswer): Promise<void> {
    const { object, runs } = this.#world;
    const violation = (problem: string) => this.#world.violation(problem);
    const known = runId === undefined ? undefined : runs.get(runId);
    if (!known) return;
    await this.#tolerant(() =>
      object.call(
        `answer ${known.header.id} ${JSON.stringify(answer)}`,
        ({ desk }, now) => {
          const run = desk.visible(known.header.id, "tenant");
          if (!run) return undefined;
          const { waiting } = desk.view(run);
          const [own = ""] = answer.step?.split(".") ?? [];
          const isOwn = own in run.header.plan.steps;
          const meant = waiting.filter(
            ({ step, correlation_id }) =>
              answer.step === undefined ||
              (answer.step === step && (!isOwn || correlation_id === run.header.id)),
          );
          const outcome = desk.answer(run, answer, now);
          const isReplayed = outcome.ok && outcome.value.replayed;
          if (!isReplayed && outcome.ok !== (meant.length === 1))
            violation(
              `of ${meant.length} gates that an answer may be meant for one is answered: ${outcome.ok}`,
            );
          if (meant.length > 1 && !outcome.ok && outcome.code !== "APPROVAL_AMBIGUOUS")
            violation(`an answer that may be meant for several gates is refused with ${outcome.code}`);
          const [gate] = meant;
          const asked = gate && desk.visible(gate.correlation_id, "tenant");
          if (outcome.ok && !isReplayed && asked && gatesOf(asked).some(({ step }) => step === gate.step))
            violation(`${gate.step} was answered, and still waits`);
          return outcome;
        },
        (outcome) => outcome?.ok ?? false,
      ),
    );
    const isThis = ({ output }: StepState) =>
      typeof output === "object" &&
      output !== null &&
      "feedback" in output &&
      isDeepStrictEqual(output.feedback, answer.feedback);
    const isThat = ({ ask }: TaskState) => isDeepStrictEqual(ask?.answer?.feedback, answer.feedback);
    const answered = [...runs.values()].flatMap(({ steps, tasks }) => [
      ...Object.values(steps).filter(isThis),
      ...Object.values(tasks).filter(isThat),
    ]);
    const isOne = answer.step !== undefined || answer.idempotency;
    if (isOne && answered.length > 1) violation(`one answer was taken for ${answered.length} gates`);
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

/** The same with a key of its own, which makes it one answer however often it is given. */
const withKey = (answer: RunAnswer): RunAnswer => {
  const key = `answer ${JSON.stringify(answer.feedback)}`;
  return { ...answer, idempotency: { key, bodyDigest: key } };
};
