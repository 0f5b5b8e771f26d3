import { useState } from "react";
import { Markdown } from "./markdown.tsx";
import { Picture } from "./picture.tsx";
import "../styles/values.css";

/** Texts longer than this, or of several lines, are read as Markdown. */
const longText = 80;
/** Entries of a list or object that are shown at first. */
const shownEntries = 100;

const isPicture = (text: string): boolean => /^\/api\/v1\/images\/[\w./-]+$/.test(text);
const isLong = (text: string): boolean => text.length > longText || text.includes("\n");

/** A JSON value for people: texts as Markdown, our images as pictures, the rest folded. */
export function Value({ value }: { value: unknown }) {
  if (typeof value !== "object" || value === null) return <Scalar value={value} name="Value" />;
  const entries = Object.entries(value);
  if (entries.length === 0) return <p className="meta">Nothing in it.</p>;
  return <Entries entries={entries} depth={0} />;
}

function Entries({ entries, depth }: { entries: readonly [string, unknown][]; depth: number }) {
  const [shown, setShown] = useState(shownEntries);
  return (
    <>
      <dl className="value">
        {entries.slice(0, shown).map(([name, value]) => (
          <Entry key={name} name={name} value={value} depth={depth} />
        ))}
      </dl>
      {entries.length > shown && (
        <button type="button" onClick={() => setShown(shown + shownEntries)}>
          Show {Math.min(shownEntries, entries.length - shown)} more
        </button>
      )}
    </>
  );
}

function Entry({ name, value, depth }: { name: string; value: unknown; depth: number }) {
  if (typeof value !== "object" || value === null) {
    const isBlock = typeof value === "string" && (isPicture(value) || isLong(value));
    return (
      <div className={isBlock ? "entry block" : "entry"}>
        <dt>{name}</dt>
        <dd>
          <Scalar value={value} name={name} />
        </dd>
      </div>
    );
  }
  const entries = Object.entries(value);
  const size = `${entries.length} ${Array.isArray(value) ? "item" : "field"}${entries.length === 1 ? "" : "s"}`;
  return (
    <div className="entry block">
      <dt className="sr">{name}</dt>
      <dd>
        <details open={depth < 1 && entries.length <= 4}>
          <summary>
            {name} <small>{size}</small>
          </summary>
          {entries.length > 0 && <Entries entries={entries} depth={depth + 1} />}
        </details>
      </dd>
    </div>
  );
}

function Scalar({ value, name }: { value: unknown; name: string }) {
  if (typeof value !== "string") return <code>{JSON.stringify(value) ?? "–"}</code>;
  if (isPicture(value)) return <Picture src={value} alt={name} />;
  return isLong(value) ? <Markdown text={value} /> : <span>{value}</span>;
}
