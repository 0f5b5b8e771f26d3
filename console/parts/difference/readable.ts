/** A JSON value as lines that can be laid over another's: texts keep theirs. */
export function readable(value: unknown, indent = ""): string {
  if (typeof value === "string")
    return value
      .split("\n")
      .map((line) => indent + line)
      .join("\n");
  if (typeof value !== "object" || value === null) return `${indent}${JSON.stringify(value) ?? "–"}`;
  const entries = Object.entries(value);
  if (entries.length === 0) return `${indent}${Array.isArray(value) ? "[]" : "{}"}`;
  return entries
    .map(([name, part]) => {
      const isShort = typeof part !== "object" || part === null || Object.keys(part).length === 0;
      const text = readable(part);
      return isShort && !text.includes("\n")
        ? `${indent}${name}: ${text}`
        : `${indent}${name}:\n${readable(part, `${indent}  `)}`;
    })
    .join("\n");
}
