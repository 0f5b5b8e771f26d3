import type { RunState, TaskState } from "#src/engine/run-state.ts";
import { verdictOn } from "#src/engine/tool-loop/tool-policy.ts";
import type { ToolCall } from "#src/objects/tool-calls.ts";

/** A task as the call of a tool that it is, with what only the object knows of it. */
export function toolCallIn({ run: { header }, task }: { run: RunState; task: TaskState }): ToolCall {
  const { clientId, userId, instanceId } = header;
  const { id: taskId, input, ask } = task;
  const isAllowed = ask?.answer?.approved === true;
  const { before, after } = ask ?? {};
  return {
    ...{ clientId, userId, runId: header.id, instanceId, taskId, input, isAllowed },
    rootRunId: header.parent?.rootId ?? header.id,
    allowedChange: isAllowed && before && after ? { before, after } : null,
    isToBeAsked: typeof input.tool === "string" && verdictOn(input.tool, header.config) === "ask",
  };
}
