import type { RunView } from "#src/engine/run-view.ts";
import type { PlatformEvent } from "#src/events/index.ts";
import { type Outcome, type Refusal, refusal } from "#src/kernel/outcome.ts";
import {
  type Caller,
  callToStart,
  FollowedRun,
  maxSubscriptions,
  maySee,
  notStartedFrame,
  type SocketCallsApi,
  type StartedWorkflow,
  type StartWorkflow,
  startedSchema,
  workflowFrame,
} from "#src/realtime/index.ts";
import { HeardLast } from "./heard-last.ts";
import type { Listener } from "./listener.ts";

interface Parts {
  gateway: SocketCallsApi;
  readRun(caller: Caller, run: string): Promise<Outcome<RunView>>;
  /** Does something with a listener, whose socket ends if that fails. */
  with(listener: Listener, work: (listener: Listener) => Promise<void>): void;
}

/** Somebody who follows a run. */
interface Follower {
  listener: Listener;
  id: string;
  run: string;
  /** What happens while it is being read. */
  meanwhile: PlatformEvent[] | undefined;
}

/** Steps of runs, and what leads to them, that are held: some ten megabytes. */
const room = 500_000;

const tooMany = refusal(
  "RATE_LIMITED",
  `At most ${maxSubscriptions} subscriptions and workflows of a connection at a time`,
);

/** Starts workflows for sockets, and tells each how those stand that it has started (docs/realtime.md#workflows). */
export class Workflows {
  readonly #parts: Parts;
  /** By the run that is followed. */
  readonly #followers = new Map<string, Set<Follower>>();
  /** The runs as they were heard of last. Of a hub that has just woken, or follows very many, some have to be read again. */
  readonly #runs = new HeardLast<Follower, FollowedRun>(room);
  /** Those that are being started, by their listener. */
  readonly #beginning = new WeakMap<Listener, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** How many a listener follows, or is about to. */
  countOf(listener: Listener): number {
    return listener.workflows.length + (this.#beginning.get(listener) ?? 0);
  }

  /** Takes up a socket that has been there before the hub slept. */
  add(listener: Listener): void {
    for (const workflow of listener.workflows) this.#put(listener, workflow);
  }

  /** A socket has ended, as it may do again. */
  gone(listener: Listener): void {
    for (const { id, run } of listener.workflows) this.#take(listener, id, run);
  }

  async start(listener: Listener, asked: StartWorkflow): Promise<void> {
    const refuse = (why: Refusal) => listener.send(notStartedFrame(asked.id, why, Date.now()));
    if (listener.subscriptions.all.length + this.countOf(listener) >= maxSubscriptions)
      return refuse(tooMany);
    this.#beginning.set(listener, (this.#beginning.get(listener) ?? 0) + 1);
    try {
      const outcome = await this.#parts.gateway.perform(callToStart(listener.caller, asked));
      if (!outcome.ok) return refuse(outcome);
      if (!listener.isOpen) return;
      const { correlation_id: run } = startedSchema.parse(outcome.value);
      await this.#read(this.#follow(listener, asked.id, run));
    } finally {
      this.#beginning.set(listener, (this.#beginning.get(listener) ?? 1) - 1);
    }
  }

  /** Something has happened, perhaps to a run that somebody follows. */
  passed(event: PlatformEvent): void {
    const followers = this.#followers.get(event.entity_id);
    if (!followers || !FollowedRun.hears(event)) return;
    for (const follower of followers) {
      if (!maySee(follower.listener.caller, event)) continue;
      if (follower.meanwhile) follower.meanwhile.push(event);
      else this.#parts.with(follower.listener, () => this.#hear(follower, event));
    }
  }

  /** Something was missed, perhaps of runs that somebody follows: each is read anew. */
  missed(): void {
    for (const follower of [...this.#followers.values()].flatMap((followers) => [...followers]))
      if (!follower.meanwhile) this.#parts.with(follower.listener, () => this.#read(follower));
  }

  async #hear(follower: Follower, event: PlatformEvent): Promise<void> {
    const followed = this.#runs.get(follower);
    if (!followed) await this.#read(follower);
    else if (followed.take(event)) this.#tell(follower, followed);
  }

  /** Reads a run as it is, tells that, and goes on with what has happened meanwhile. */
  async #read(follower: Follower): Promise<void> {
    const { listener, id, run } = follower;
    const meanwhile: PlatformEvent[] = [];
    follower.meanwhile = meanwhile;
    const outcome = await this.#parts.readRun(listener.caller, run);
    follower.meanwhile = undefined;
    const known = listener.workflows.find((one) => one.id === id && one.run === run);
    if (!listener.isOpen || !known) return;
    if (!outcome.ok) {
      this.#unfollow(follower);
      return listener.send(notStartedFrame(id, outcome, Date.now()));
    }
    const followed = new FollowedRun(outcome.value, known.progress);
    this.#runs.set(follower, followed);
    this.#tell(follower, followed);
    for (const event of meanwhile) if (followed.take(event)) this.#tell(follower, followed);
  }

  #tell(follower: Follower, followed: FollowedRun): void {
    const { listener, id, run } = follower;
    const { progress } = followed.told;
    const isSame = listener.workflows.some((one) => one.id === id && one.progress === progress);
    if (followed.isOver) this.#unfollow(follower);
    else if (!isSame)
      listener.follow(listener.workflows.map((one) => (one.id === id ? { id, run, progress } : one)));
    listener.send(workflowFrame(id, run, followed, Date.now()));
  }

  /** A workflow takes the place of the one that the client has called the same, which may be itself. */
  #follow(listener: Listener, id: string, run: string): Follower {
    const before = listener.workflows.find((one) => one.id === id);
    if (before) this.#take(listener, id, before.run);
    const workflow = { id, run, progress: before?.run === run ? before.progress : 0 };
    listener.follow([...listener.workflows.filter((one) => one.id !== id), workflow]);
    return this.#put(listener, workflow);
  }

  #unfollow({ listener, id, run }: Follower): void {
    this.#take(listener, id, run);
    listener.follow(listener.workflows.filter((one) => one.id !== id));
  }

  #put(listener: Listener, { id, run }: StartedWorkflow): Follower {
    const follower = { listener, id, run, meanwhile: undefined };
    const followers = this.#followers.get(run) ?? new Set();
    this.#followers.set(run, followers.add(follower));
    return follower;
  }

  #take(listener: Listener, id: string, run: string): void {
    const followers = this.#followers.get(run);
    for (const one of followers ?? []) {
      if (one.listener !== listener || one.id !== id) continue;
      followers?.delete(one);
      this.#runs.delete(one);
    }
    if (followers?.size === 0) this.#followers.delete(run);
  }
}
