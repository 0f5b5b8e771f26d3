import { type ReactNode, useState } from "react";
import { Icon } from "../icons.tsx";
import { keyed } from "../keyed.ts";
import type { Problems } from "./check.ts";
import { type Field, fieldOf } from "./fields.ts";
import { valueAt } from "./values.ts";

interface FieldRowProps {
  field: Field;
  formId: string;
  value: unknown;
  problems: Problems;
  onChange: (path: readonly string[], value: unknown) => void;
}

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

/** One field with its name, hint and what is wrong with it. */
export function FieldRow(props: FieldRowProps): ReactNode {
  const { field, formId, problems } = props;
  if (field.kind === "group") return <Group {...props} fields={field.fields} />;
  const pointer = `/${field.path.join("/")}`;
  const id = `${formId}${pointer}`;
  const problem = problems[pointer];
  const about = problem ?? field.hint;
  return (
    <div className={field.kind === "boolean" ? "field check" : "field"}>
      <label htmlFor={id}>
        {field.title}
        {!field.isRequired && field.kind !== "boolean" && <small> (optional)</small>}
      </label>
      <Control
        {...props}
        control={{
          id,
          "data-path": pointer,
          "aria-invalid": problem !== undefined,
          "aria-describedby": about ? `${id}-about` : undefined,
        }}
      />
      {about && (
        <p id={`${id}-about`} className={problem ? "wrong" : "hint"}>
          {about}
        </p>
      )}
    </div>
  );
}

const Group = ({ field, fields, value, ...rest }: FieldRowProps & { fields: readonly Field[] }) => (
  <fieldset>
    <legend>{field.title}</legend>
    {field.hint && <p className="hint">{field.hint}</p>}
    {fields.map((inner) => (
      <FieldRow
        key={inner.path.join("/")}
        {...rest}
        field={inner}
        value={valueAt(value, inner.path.slice(-1))}
      />
    ))}
  </fieldset>
);

interface ControlProps extends FieldRowProps {
  control: {
    id: string;
    "data-path": string;
    "aria-invalid": boolean;
    "aria-describedby": string | undefined;
  };
}

function Control({ field, value, control, onChange, ...rest }: ControlProps): ReactNode {
  const set = (next: unknown) => onChange(field.path, next);
  switch (field.kind) {
    case "text":
      if (field.isLong)
        return (
          <textarea
            {...control}
            rows={4}
            value={textOf(value)}
            onChange={(event) => set(event.target.value || undefined)}
          />
        );
      return (
        <>
          <input
            {...control}
            type={field.type}
            value={textOf(value)}
            list={field.examples.length > 0 ? `${control.id}-examples` : undefined}
            onChange={(event) => set(event.target.value || undefined)}
          />
          {field.examples.length > 0 && (
            <datalist id={`${control.id}-examples`}>
              {field.examples.map((example) => (
                <option key={example} value={example} />
              ))}
            </datalist>
          )}
        </>
      );
    case "number":
      return (
        <input
          {...control}
          type="number"
          step={field.isWhole ? 1 : "any"}
          min={field.min}
          max={field.max}
          value={textOf(value)}
          onChange={(event) => set(event.target.value === "" ? undefined : Number(event.target.value))}
        />
      );
    case "boolean":
      return (
        <input
          {...control}
          type="checkbox"
          checked={value === true}
          onChange={(event) => set(event.target.checked)}
        />
      );
    case "choice":
      return (
        <select
          {...control}
          value={field.options.findIndex((option) => JSON.stringify(option.value) === JSON.stringify(value))}
          onChange={(event) => set(field.options[Number(event.target.value)]?.value)}
        >
          <option value={-1}> </option>
          {field.options.map((option, place) => (
            <option key={option.name} value={place}>
              {option.name}
            </option>
          ))}
        </select>
      );
    case "list":
      return <List {...rest} field={field} value={value} control={control} onChange={onChange} />;
    default:
      return <JsonField control={control} value={value} onChange={set} />;
  }
}

/** A list that grows and shrinks by buttons. */
function List({ field, value, control, onChange, ...rest }: ControlProps) {
  if (field.kind !== "list") return null;
  const items: unknown[] = Array.isArray(value) ? value : [];
  return (
    <div id={control.id} className="field-list">
      {keyed(items).map(({ key, thing: item, place }) => (
        <div key={key} className="field-item">
          <FieldRow
            {...rest}
            field={{
              ...fieldOf(field.item, [...field.path, String(place)], true),
              title: `${field.itemTitle} ${place + 1}`,
            }}
            value={item}
            onChange={onChange}
          />
          <button
            type="button"
            className="bare"
            aria-label={`Remove ${field.itemTitle} ${place + 1}`}
            onClick={() => onChange(field.path, items.toSpliced(place, 1))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <button type="button" onClick={() => onChange(field.path, [...items, ""])}>
        <Icon name="plus" /> Add
      </button>
    </div>
  );
}

/** A part as JSON, for what has no field of its own. */
function JsonField({
  control,
  value,
  onChange,
}: Pick<ControlProps, "control" | "value"> & { onChange: (value: unknown) => void }) {
  const [text, setText] = useState(() => (value === undefined ? "" : JSON.stringify(value, null, 2)));
  const [isWrong, setWrong] = useState(false);
  const take = () => {
    try {
      onChange(text.trim() === "" ? undefined : JSON.parse(text));
      setWrong(false);
    } catch {
      setWrong(true);
    }
  };
  return (
    <>
      <textarea
        {...control}
        aria-invalid={isWrong || control["aria-invalid"]}
        className="mono"
        rows={4}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
      />
      {isWrong && <p className="wrong">This is no JSON</p>}
    </>
  );
}
