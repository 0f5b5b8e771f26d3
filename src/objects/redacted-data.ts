/** What an event about a run says that is never anybody's words: ids, names of the plan, and figures. */
const plain: ReadonlySet<string> = new Set([
  "correlation_id",
  "instance_id",
  "child_id",
  "workflow",
  "revision",
  "trace_id",
  "step",
  "task_id",
  "index",
  "action",
  "agent_type",
  "attempt",
  "status",
  "previous_status",
  "new_status",
  "triggered_by",
  "progress",
  "level",
  "timestamp",
  "expires_at",
  "code",
  "error_code",
  "model",
  "fuel",
  "tokens",
  "duration_ms",
  "delay_ms",
  "text_length",
]);

/**
 * What is left of an event's data when what its run was about is erased. As with data that is too large, `omitted` names
 * what is not there.
 */
export function redactedData({ omitted, ...data }: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(data).filter(([key, value]) => plain.has(key) || value === null);
  const gone = Object.keys(data).filter((key) => !plain.has(key) && data[key] !== null);
  const before = Array.isArray(omitted) ? omitted : [];
  const all = [...new Set([...before, ...gone])];
  return { ...Object.fromEntries(kept), ...(all.length > 0 && { omitted: all }) };
}
