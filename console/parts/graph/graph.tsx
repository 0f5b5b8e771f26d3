import { memo, useMemo, useRef, useSyncExternalStore } from "react";
import { Icon } from "../icons.tsx";
import { StatusMark, type StatusName, statusWord, toneOf } from "../status.tsx";
import { type Box, type DrawnPlan, type Layout, layoutOf, pathOf } from "./layout.ts";
import { useView } from "./use-view.ts";
import { stepTowards } from "./view.ts";
import "../../styles/run.css";

/** What a step shows beside its name. */
export interface Look {
  status: StatusName;
  note?: string;
  /** How its tasks are, in a few words. */
  tasks?: string;
  rows?: Readonly<Record<string, StatusName>>;
}

interface GraphProps {
  plan: DrawnPlan;
  looks: Readonly<Record<string, Look>>;
  chosen?: string;
  onChoose: (step: string) => void;
  /** Top to bottom, for a room that is higher than wide. */
  isTall?: boolean;
}

const narrow = matchMedia("(max-width: 860px)");

function whenNarrow(changed: () => void): () => void {
  narrow.addEventListener("change", changed);
  return () => narrow.removeEventListener("change", changed);
}

/** A plan as a graph: boxes are buttons above lines; arrows walk along the lines, `+ - 0` zoom, and a drag is never needed. */
export function Graph({ plan, looks, chosen, onChoose, isTall = false }: GraphProps) {
  const isNarrow = useSyncExternalStore(whenNarrow, () => narrow.matches);
  const isDown = isNarrow || isTall;
  const layout = useMemo(() => layoutOf(plan, isDown), [plan, isDown]);
  const port = useRef<HTMLDivElement>(null);
  const stop = chosen ?? plan.start_step;
  const walk = (key: string): boolean => {
    const next = stepTowards(layout, stop, key, isDown);
    if (!next) return false;
    onChoose(next);
    port.current?.querySelector<HTMLElement>(`[data-step="${CSS.escape(next)}"]`)?.focus();
    return true;
  };
  const { view, zoom, showAll } = useView(port, layout, stop, walk);

  return (
    <section className="graph" aria-label="Plan as a graph">
      <div className="graph-port" ref={port}>
        <div
          className="graph-plane"
          style={{
            transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
            width: layout.width,
            height: layout.height,
          }}
        >
          <Lines layout={layout} looks={looks} />
          {layout.boxes.map((box) => (
            <StepBox
              key={box.id}
              box={box}
              look={looks[box.id] ?? unknown}
              isChosen={box.id === chosen}
              isStop={box.id === stop}
              onChoose={onChoose}
            />
          ))}
        </div>
      </div>
      <div className="graph-tools" role="toolbar" aria-label="Zoom">
        <button type="button" className="bare" aria-label="Nearer" onClick={() => zoom(1.25)}>
          <Icon name="plus" />
        </button>
        <button type="button" className="bare" aria-label="Farther" onClick={() => zoom(0.8)}>
          <Icon name="minus" />
        </button>
        <button type="button" className="bare" aria-label="All of it" onClick={showAll}>
          <Icon name="fit" />
        </button>
      </div>
    </section>
  );
}

const unknown: Look = { status: "pending" };

function Lines({ layout, looks }: { layout: Layout; looks: GraphProps["looks"] }) {
  const isWalked = (to: string) => !["pending", "skipped"].includes(looks[to]?.status ?? "pending");
  return (
    <svg width={layout.width} height={layout.height} aria-hidden="true">
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0.5 7.5 4 0 7.5z" />
        </marker>
      </defs>
      {layout.lines.map(({ from, to, kind, points }) => (
        <path
          key={`${from} ${to} ${kind}`}
          className={`line ${kind}${isWalked(to) ? " walked" : ""}`}
          d={pathOf(points)}
          markerEnd="url(#arrow)"
        />
      ))}
    </svg>
  );
}

interface StepBoxProps {
  box: Box;
  look: Look;
  isChosen: boolean;
  isStop: boolean;
  onChoose: (step: string) => void;
}

/** A step: drawn anew only when something of it has changed. */
const StepBox = memo(function StepBox({ box, look, isChosen, isStop, onChoose }: StepBoxProps) {
  const { id, action, rows, x, y, width, height } = box;
  return (
    <button
      type="button"
      data-step={id}
      className={`box ${toneOf(look.status)}`}
      style={{ left: x, top: y, width, height }}
      tabIndex={isStop ? 0 : -1}
      aria-pressed={isChosen}
      onClick={() => onChoose(id)}
    >
      <span className="box-head">
        <StatusMark status={look.status} />
        <b>{id}</b>
        <span className="sr">, {statusWord(look.status)}</span>
        {look.note && <span className="box-note">{look.note}</span>}
      </span>
      <span className="box-action">{look.tasks ?? action}</span>
      {rows.map((row) => (
        <span key={row} className="box-row">
          <StatusMark status={look.rows?.[row] ?? "pending"} />
          {row}
        </span>
      ))}
    </button>
  );
}, isSameBox);

function isSameBox(a: StepBoxProps, b: StepBoxProps): boolean {
  return (
    a.box === b.box &&
    a.isChosen === b.isChosen &&
    a.isStop === b.isStop &&
    a.onChoose === b.onChoose &&
    a.look.status === b.look.status &&
    a.look.note === b.look.note &&
    a.look.tasks === b.look.tasks &&
    JSON.stringify(a.look.rows) === JSON.stringify(b.look.rows)
  );
}
