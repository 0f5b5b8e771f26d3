import { useId, useState } from "react";

interface JsonFieldProps {
  label: string;
  initial: unknown;
  /** Told what is written, undefined while that is no object. */
  onChange: (value: Record<string, unknown> | undefined) => void;
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

/** An object as JSON; says while it is none. */
export function JsonField({ label, initial, onChange }: JsonFieldProps) {
  const id = useId();
  const [text, setText] = useState(() => JSON.stringify(initial ?? {}, null, 2));
  const isWrong = objectOf(text) === undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="mono"
        rows={8}
        spellCheck={false}
        value={text}
        aria-invalid={isWrong}
        aria-describedby={`${id}-wrong`}
        onChange={(event) => {
          setText(event.target.value);
          onChange(objectOf(event.target.value));
        }}
      />
      <p id={`${id}-wrong`} className="wrong">
        {isWrong && "This is no JSON object yet."}
      </p>
    </div>
  );
}
