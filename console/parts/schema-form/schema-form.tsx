import { type FormEvent, type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from "react";
import { PersonaError } from "#client/index.ts";
import type { Problems } from "./check.ts";
import { FieldRow } from "./field-row.tsx";
import { fieldsOf, type Schema } from "./fields.ts";
import { blankOf, valueAt, withValue } from "./values.ts";
import "../../styles/fields.css";

interface SchemaFormProps {
  schema: Schema;
  initial?: Readonly<Record<string, unknown>>;
  /** What the button says, before and while it is done. */
  submit: { name: string; busy: string };
  onSubmit: (value: Record<string, unknown>) => Promise<void>;
  children?: ReactNode;
}

/** A form from a JSON Schema: checked here when it is sent, and what the platform says comes to its field. */
export function SchemaForm({ schema, initial, submit, onSubmit, children }: SchemaFormProps) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const [value, setValue] = useState<unknown>(() => initial ?? blankOf(fields));
  const [problems, setProblems] = useState<Problems>({});
  const [isBusy, setBusy] = useState(false);

  const show = (found: Problems) => {
    setProblems(found);
    const first = Object.keys(found)[0];
    if (first !== undefined)
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(first)}"]`)?.focus(),
      );
  };
  const send = async () => {
    const { problemsOf } = await import("./check.ts");
    const found = problemsOf(schema, value);
    show(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await onSubmit(typeof value === "object" && value !== null ? { ...value } : {});
    } catch (error) {
      const refused = refusedFields(error);
      if (Object.keys(refused).length === 0) throw error;
      show(refused);
    } finally {
      setBusy(false);
    }
  };
  const submitted = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send();
  };

  return (
    <form ref={form} className="schema-form" noValidate onSubmit={submitted} onKeyDown={pressed}>
      {fields.map((field) => (
        <FieldRow
          key={field.path.join("/")}
          field={field}
          formId={id}
          value={valueAt(value, field.path)}
          problems={problems}
          onChange={(path, next) => setValue((before: unknown) => withValue(before, path, next))}
        />
      ))}
      {children}
      <div className="actions">
        <button type="submit" className="primary" disabled={isBusy}>
          {isBusy ? submit.busy : submit.name}{" "}
          <span className="key" aria-hidden="true">
            Ctrl ↵
          </span>
        </button>
      </div>
    </form>
  );
}

/** What the platform has refused, by the path of the field. */
function refusedFields(error: unknown): Problems {
  if (!(error instanceof PersonaError)) return {};
  const { details } = error;
  if (typeof details !== "object" || details === null || !("fields" in details)) return {};
  if (!Array.isArray(details.fields)) return {};
  return Object.fromEntries(
    details.fields.flatMap((field: unknown): [string, string][] =>
      typeof field === "object" && field !== null && "path" in field && "message" in field
        ? [
            [
              `/${String(field.path)
                .replace(/^input\.?/, "")
                .replaceAll(".", "/")}`,
              String(field.message),
            ],
          ]
        : [],
    ),
  );
}
