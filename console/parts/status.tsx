import type { RunStep, RunView } from "../data/runs.ts";

/** What a run, a step or a task may be. */
export type StatusName =
  | RunView["status"]
  | RunStep["status"]
  | "queued"
  | "dispatched"
  | "undoing"
  | "undone";

const shapes = {
  pending: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3Z",
  running: "M8 3a5 5 0 0 1 5 5",
  paused: "M6 4v8M10 4v8",
  completed: "m3.5 8.5 3 3 6-7",
  failed: "m4 4 8 8m0-8-8 8",
  cancelled: "M3.5 8h9",
  skipped: "m4 4 4 4-4 4m5-8 4 4-4 4",
  undoing: "M6 4 3 7l3 3M3 7h6a4 4 0 0 1 0 6",
} as const;

type Shape = keyof typeof shapes;

const looks: Record<StatusName, { shape: Shape; word: string }> = {
  pending: { shape: "pending", word: "Not started" },
  queued: { shape: "pending", word: "Queued" },
  waiting: { shape: "pending", word: "Waiting" },
  dispatched: { shape: "running", word: "Running" },
  running: { shape: "running", word: "Running" },
  paused: { shape: "paused", word: "Waiting for you" },
  completed: { shape: "completed", word: "Completed" },
  failed: { shape: "failed", word: "Failed" },
  cancelled: { shape: "cancelled", word: "Cancelled" },
  skipped: { shape: "skipped", word: "Skipped" },
  undoing: { shape: "undoing", word: "Undoing" },
  undone: { shape: "undoing", word: "Undone" },
};

export const statusWord = (status: StatusName): string => looks[status].word;

/** The class that carries a status' colour. */
export const toneOf = (status: StatusName): string => `tone-${looks[status].shape}`;

/** A status as its shape: beside its word, or a name that says it. */
export const StatusMark = ({ status }: { status: StatusName }) => (
  <svg className={`mark ${toneOf(status)}`} viewBox="0 0 16 16" aria-hidden="true">
    <path d={shapes[looks[status].shape]} />
  </svg>
);

/** A status as shape, word and colour. */
export const Status = ({ status }: { status: StatusName }) => (
  <span className={`status ${toneOf(status)}`}>
    <StatusMark status={status} />
    {looks[status].word}
  </span>
);

/** The first sign of a page's title. */
export const titleMark: Partial<Record<StatusName, string>> = {
  running: "◜",
  paused: "‖",
  completed: "✓",
  failed: "✕",
  cancelled: "–",
};
