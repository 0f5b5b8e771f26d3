import { keyed } from "../keyed.ts";
import { Scroller } from "../scroller.tsx";
import { differenceOf, type Line } from "./lines.ts";
import "../../styles/difference.css";

const marks: Record<Line["kind"], { sign: string; word: string }> = {
  same: { sign: " ", word: "" },
  gone: { sign: "−", word: "gone: " },
  new: { sign: "+", word: "new: " },
};

/** Lines around a change that are shown; the rest is told as a number. */
const around = 3;

interface DifferenceProps {
  /** What the texts are of. */
  label: string;
  before: string;
  after: string;
}

/** Two texts as one: what is gone, what is new, and a little around it. */
export function Difference({ label, before, after }: DifferenceProps) {
  const lines = differenceOf(before, after);
  if (lines.every(({ kind }) => kind === "same")) return <p className="meta">Nothing differs.</p>;
  return (
    <Scroller label={`${label}: what differs`}>
      <ol className="difference">
        {keyed(shownOf(lines)).map(({ key, thing: value }) =>
          typeof value === "number" ? (
            <li key={key} className="left-out">
              {value} {value === 1 ? "line" : "lines"} the same
            </li>
          ) : (
            <li key={key} className={value.kind}>
              <span aria-hidden="true">{marks[value.kind].sign}</span>
              <span className="sr">{marks[value.kind].word}</span>
              <code>{value.text || " "}</code>
            </li>
          ),
        )}
      </ol>
    </Scroller>
  );
}

/** The lines near what differs, and how many are left out between them. */
function shownOf(lines: readonly Line[]): (Line | number)[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some(({ kind }) => kind !== "same"),
  );
  const shown: (Line | number)[] = [];
  for (const [at, line] of lines.entries()) {
    const last = shown.at(-1);
    if (near[at]) shown.push(line);
    else if (typeof last === "number") shown[shown.length - 1] = last + 1;
    else shown.push(1);
  }
  return shown;
}
