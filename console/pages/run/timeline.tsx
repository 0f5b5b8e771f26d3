import type { RunView, Task } from "../../data/runs.ts";
import { moveAmongRows } from "../../parts/list-keys.ts";
import { StatusMark, type StatusName, statusWord, toneOf } from "../../parts/status.tsx";
import { duration } from "../../parts/time.tsx";
import { stepsOf, timeOf } from "./looks.ts";
import { barsOf, type Scale, scaleOf } from "./scale.ts";

interface TimelineProps {
  run: RunView;
  tasks: readonly Task[];
  now: number;
  chosen: string;
  onChoose: (step: string) => void;
}

/** Tasks of one step that are shown as rows of their own. */
const shownTasks = 12;

/** A bar for each step and its sub-tasks; those that have not begun are there as well. */
export function Timeline({ run, tasks, now, chosen, onChoose }: TimelineProps) {
  const scale = scaleOf(run, now);
  return (
    <section className="panel timeline" aria-labelledby="timeline-title" onKeyDown={moveAmongRows}>
      <h2 id="timeline-title">
        Timeline{" "}
        <span className="meta">{scale.isByStep ? "each step at its own scale" : duration(scale.length)}</span>
      </h2>
      <ol>
        {stepsOf(run).map(({ name, step }) => {
          const time = step && timeOf(step, now);
          const status = step?.status ?? "pending";
          const own = tasks.filter((task) => task.step === name);
          const rows = own.length > 1 ? own.slice(0, shownTasks) : [];
          const retries = own.length === 1 ? (own[0]?.attempts.length ?? 1) - 1 : 0;
          return (
            <li key={name}>
              <button
                type="button"
                data-row
                className={`timeline-row ${toneOf(status)}`}
                aria-pressed={name === chosen}
                onClick={() => onChoose(name)}
              >
                <StatusMark status={status} />
                <span className="timeline-name">
                  {name}
                  <span className="sr">, {statusWord(status)}</span>
                </span>
                <Track bars={step ? barsOf(step, own.length === 1 ? own[0] : undefined, scale, now) : []} />
                <span className="num">
                  {retries > 0 && <span className="meta">{retries} retried · </span>}
                  {time === undefined ? "–" : duration(time)}
                </span>
              </button>
              {rows.length > 0 && (
                <ul>
                  {rows.map((task) => (
                    <TaskRow key={task.id} task={task} scale={scale} now={now} />
                  ))}
                  {own.length > rows.length && <li className="meta">and {own.length - rows.length} more</li>}
                </ul>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

const taskStatus: Partial<Record<Task["status"], StatusName>> = { dispatched: "running" };

function TaskRow({ task, scale, now }: { task: Task; scale: Scale; now: number }) {
  const status = taskStatus[task.status] ?? (task.status === "dispatched" ? "running" : task.status);
  const time = timeOf({ started_at: task.dispatched_at, completed_at: task.ended_at }, now);
  return (
    <li className={`timeline-row task ${toneOf(status)}`}>
      <StatusMark status={status} />
      <span className="timeline-name">
        {task.name ?? `item ${(task.index ?? 0) + 1}`}
        <span className="sr">, {statusWord(status)}</span>
      </span>
      <Track
        bars={barsOf({ started_at: task.dispatched_at, completed_at: task.ended_at }, task, scale, now)}
      />
      <span className="num">{time === undefined ? "–" : duration(time)}</span>
    </li>
  );
}

function Track({ bars }: { bars: ReturnType<typeof barsOf> }) {
  return (
    <span className="track">
      {bars.map(({ from, length, isWaiting }) => (
        <span
          key={`${from} ${isWaiting}`}
          className={isWaiting ? "bar waiting" : "bar"}
          style={{ insetInlineStart: `${from * 100}%`, inlineSize: `max(3px, ${length * 100}%)` }}
        />
      ))}
    </span>
  );
}
