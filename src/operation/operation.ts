import type { z } from "@hono/zod-openapi";
import {
  type Account,
  type Actor,
  isAccount,
  isSignedIn,
  isTalker,
  isWidgetVisitor,
  type SignedIn,
  type Talker,
  type WidgetVisitor,
} from "#src/kernel/actor.ts";
import type { ErrorCode } from "#src/kernel/error-catalogue.ts";
import type { Platform } from "#src/platform.ts";
import { type NameBy, type NameByVisitorsAnd, type OperationName, policies } from "./policy.ts";

/** What comes with a call besides its input. */
export interface Call {
  /** The caller's word for this very call: repeated with the same one, it is carried out once. */
  idempotencyKey?: string;
  /**
   * Resolves when the caller is let in no longer: the session has ended, or what vouches for it has run out.
   * @param answered when nobody needs to know any more
   */
  sessionEnd?(answered: AbortSignal): Promise<void>;
}

/** What came of a call; `replayed` when an earlier one with the same key has done it. */
export interface Performed<T> {
  output: T;
  replayed: boolean;
}

/**
 * How a call that comes twice under one key is carried out once: `stored` keeps the first one's output for a day,
 * `own` is done by the operation in the transaction of what it does, `none` is for what changes nothing, or nothing more.
 */
type Replays = "stored" | "own" | "none";

interface Described<I extends z.ZodObject, O extends z.ZodType> {
  /** One line: what it does. */
  summary: string;
  description?: string;
  /** What it takes: `params` say what it is about, `query` narrows and pages, `headers` resume, `body` is what is to become of it. */
  input: I;
  output: O;
  /** What it may refuse with besides what its policy and its input refuse. */
  refusals?: readonly ErrorCode[];
}

/** A use case: what can be asked of the platform, by whatever way the call comes in. */
export interface Operation<I extends z.ZodObject, O extends z.ZodType, A extends Actor = Actor>
  extends Described<I, O> {
  name: OperationName;
  refusals: readonly ErrorCode[];
  replays: Replays;
  /** Whether an actor is of the kind that it is for. */
  isFor(actor: Actor): actor is A;
  run(platform: Platform, actor: A, input: z.output<I>, call: Call): Promise<Performed<z.output<O>>>;
}

type Plain<I extends z.ZodObject, O extends z.ZodType, A extends Actor> = Described<I, O> & {
  /** Of what comes as often as its caller likes, who is not known before it is looked at: no key of theirs is kept. */
  ignoresKeys?: true;
  run(platform: Platform, actor: A, input: z.output<I>): Promise<z.output<O>>;
};
type Replaying<I extends z.ZodObject, O extends z.ZodType, A extends Actor> = Described<I, O> & {
  /** As `run`, and remembers the call's key itself. */
  runOnce(platform: Platform, actor: A, input: z.output<I>, call: Call): Promise<Performed<z.output<O>>>;
};
type Definition<N, I extends z.ZodObject, O extends z.ZodType, A extends Actor> = { name: N } & (
  | Plain<I, O, A>
  | Replaying<I, O, A>
);

/** Makes operations of the names whose policies are for certain callers. */
const defining =
  <N extends OperationName, A extends Actor>(isFor: (actor: Actor) => actor is A) =>
  <I extends z.ZodObject, O extends z.ZodType>(definition: Definition<N, I, O, A>): Operation<I, O, A> => {
    const { name, summary, description, input, output, refusals = [] } = definition;
    const described = { name, summary, description, input, output, refusals, isFor };
    if ("runOnce" in definition) return { ...described, replays: "own", run: definition.runOnce };
    const { run, ignoresKeys = false } = definition;
    return {
      ...described,
      replays: policies[name].rate === "read" || ignoresKeys ? "none" : "stored",
      run: async (platform, actor, given) => ({ output: await run(platform, actor, given), replayed: false }),
    };
  };

const isAnybody = (_actor: Actor): _actor is Actor => true;

/** An operation for whoever acts for an account. */
export const operation = defining<NameBy<"account">, Account>(isAccount);
/** An operation for whoever has signed in. */
export const sessionOperation = defining<NameBy<"session">, SignedIn>(isSignedIn);
/** An operation for whoever talks with personas: for accounts, and for visitors of widgets. */
export const talkOperation = defining<NameByVisitorsAnd<"account">, Talker>(isTalker);
/** The same, for whoever is there themselves. */
export const presentTalkOperation = defining<NameByVisitorsAnd<"session">, SignedIn | WidgetVisitor>(
  (actor): actor is SignedIn | WidgetVisitor => isSignedIn(actor) || isWidgetVisitor(actor),
);
/** An operation for anybody, also for who has not said who they are. */
export const openOperation = defining<NameBy<"anybody">, Actor>(isAnybody);
