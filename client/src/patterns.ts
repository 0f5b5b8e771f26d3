/** Whether an event's dotted name fits a pattern: `*` stands for one segment, `**` for all that follow. */
export function matches(pattern: string, event: string): boolean {
  const wanted = pattern.split(".");
  const given = event.split(".");
  for (const [index, segment] of wanted.entries()) {
    if (segment === "**") return given.length >= index;
    if (index >= given.length || (segment !== "*" && segment !== given[index])) return false;
  }
  return wanted.length === given.length;
}

/** Names an event answers to: executions also as `instance.execution.*`. */
const namesOf = (event: string): string[] =>
  event.startsWith("execution.") ? [event, `instance.${event}`] : [event];

export const matchesAny = (patterns: readonly string[], event: string): boolean =>
  namesOf(event).some((name) => patterns.some((pattern) => matches(pattern, name)));
