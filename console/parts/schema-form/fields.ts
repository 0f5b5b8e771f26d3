/** A JSON Schema as it came. */
export type Schema = Readonly<Record<string, unknown>>;

interface Common {
  /** Where its value stands in the whole. */
  path: readonly string[];
  title: string;
  hint?: string;
  isRequired: boolean;
  fallback?: unknown;
}

/** What a form draws for a part of a schema. */
export type Field = Common &
  (
    | {
        kind: "text";
        isLong: boolean;
        type: "text" | "email" | "url" | "date" | "datetime-local";
        examples: string[];
      }
    | { kind: "number"; isWhole: boolean; min?: number; max?: number }
    | { kind: "boolean" }
    | { kind: "choice"; options: { name: string; value: unknown }[] }
    | { kind: "group"; fields: Field[] }
    | { kind: "list"; item: Schema; itemTitle: string }
    | { kind: "json" }
  );

export const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** `brief_context` → `Brief context`. */
export function titleOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const inputTypes = { email: "email", uri: "url", date: "date", "date-time": "datetime-local" } as const;
const isFormat = (format: string): format is keyof typeof inputTypes => format in inputTypes;

/** Texts that may be longer than this get a field of several lines. */
const longText = 200;

/** The fields of an object's schema, in its order. */
export function fieldsOf(schema: Schema, path: readonly string[] = []): Field[] {
  const required = listOf(schema.required);
  const { properties } = schema;
  if (!isSchema(properties)) return [];
  return Object.entries(properties).map(([name, part]) =>
    fieldOf(isSchema(part) ? part : {}, [...path, name], required.includes(name)),
  );
}

/** What is drawn for a schema; what is not known here is a field of JSON. */
export function fieldOf(schema: Schema, path: readonly string[], isRequired: boolean): Field {
  const common: Common = {
    path,
    title: textOf(schema.title) ?? titleOf(path.at(-1) ?? ""),
    hint: textOf(schema.description),
    isRequired,
    fallback: schema.default,
  };
  const options = optionsOf(schema);
  if (options) return { ...common, kind: "choice", options };
  switch (schema.type) {
    case "string": {
      const format = textOf(schema.format) ?? "";
      const isLong = format === "textarea" || (numberOf(schema.maxLength) ?? 0) > longText;
      const examples = listOf(schema.examples).flatMap((example) => textOf(example) ?? []);
      return {
        ...common,
        kind: "text",
        isLong,
        type: isFormat(format) ? inputTypes[format] : "text",
        examples,
      };
    }
    case "integer":
    case "number":
      return {
        ...common,
        kind: "number",
        isWhole: schema.type === "integer",
        min: numberOf(schema.minimum),
        max: numberOf(schema.maximum),
      };
    case "boolean":
      return { ...common, kind: "boolean" };
    case "object":
      return isSchema(schema.properties)
        ? { ...common, kind: "group", fields: fieldsOf(schema, path) }
        : { ...common, kind: "json" };
    case "array":
      return isSchema(schema.items)
        ? { ...common, kind: "list", item: schema.items, itemTitle: textOf(schema.items.title) ?? "Item" }
        : { ...common, kind: "json" };
    default:
      return { ...common, kind: "json" };
  }
}

function optionsOf(schema: Schema): { name: string; value: unknown }[] | undefined {
  const nameOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => ({ name: nameOf(value), value }));
  if ("const" in schema) return [{ name: nameOf(schema.const), value: schema.const }];
  const titled = listOf(schema.oneOf).filter(isSchema);
  if (titled.length === 0 || !titled.every((option) => "const" in option)) return undefined;
  return titled.map((option) => ({
    name: textOf(option.title) ?? nameOf(option.const),
    value: option.const,
  }));
}
