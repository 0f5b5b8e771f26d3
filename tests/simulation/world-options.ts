import type { advance } from "#src/engine/engine.ts";
import type { RunState } from "#src/engine/run-state.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import type { BrokenShell } from "./broken-shell.ts";
import type { FaultKind } from "./faults.ts";

export interface Report {
  /** What happened, line by line; the same for the same seed. */
  trace: readonly string[];
  runs: readonly RunState[];
  faults: ReadonlyMap<FaultKind, number>;
}

export interface Options {
  /** Kinds of faults that do not happen. */
  without?: ReadonlySet<FaultKind>;
  /** A broken engine in the place of ours. */
  engine?: typeof advance;
  /** A broken shell around it. */
  shell?: BrokenShell;
  /** The steps of every plan are written down in another order. */
  shuffled?: boolean;
  /** What is asked for, once, in the place of random runs. */
  request?: StartRun;
}
