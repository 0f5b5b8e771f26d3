import { useState } from "react";
import { Icon } from "./icons.tsx";
import { say } from "./messages.tsx";

/** So long it shows that it has copied. */
const shownMs = 1500;

/** Copies a text whole. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    say(`Copied the ${what}`);
    setDone(true);
    setTimeout(() => setDone(false), shownMs);
  };
  return (
    <button type="button" className="bare" aria-label={`Copy ${what}`} title={`Copy ${what}`} onClick={copy}>
      <Icon name={isDone ? "check" : "copy"} />
    </button>
  );
}

/** An id, abbreviated at its end, copied whole. */
export const Id = ({ id, what = "id" }: { id: string; what?: string }) => (
  <span className="id">
    <code title={id}>…{id.slice(-8)}</code>
    <CopyButton text={id} what={what} />
  </span>
);
