import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons.tsx";

/** A search is asked for when nothing has been typed for so long. */
const pauseMs = 250;

interface SearchFieldProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** A search that stands in the address, once the typing pauses. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value ?? "");
  const page = useRef(location.pathname);
  useEffect(() => setText(value ?? ""), [value]);
  useEffect(() => {
    const wanted = text.trim() || undefined;
    if (wanted === value) return;
    // Whoever has gone on to another page, which is still coming, is not fetched back.
    const ask = () => location.pathname === page.current && onChange(wanted);
    const timer = setTimeout(ask, pauseMs);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <label className="search">
      <span className="sr">{label}</span>
      <Icon name="search" />
      <input
        type="search"
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

interface SelectFieldProps<T extends string> {
  label: string;
  value: T | undefined;
  options: readonly { value: T; name: string }[];
  onChange: (value: T | undefined) => void;
  /** What stands for no choice; nothing where there is always one. */
  all?: string;
}

/** One of several, or all. */
export function SelectField<T extends string>({
  label,
  value,
  options,
  onChange,
  all = "All",
}: SelectFieldProps<T>) {
  return (
    <label className="select">
      <span>{label}</span>
      <select
        value={value ?? ""}
        onChange={(event) => onChange(options.find((option) => option.value === event.target.value)?.value)}
      >
        {all !== "" && <option value="">{all}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
    </label>
  );
}
