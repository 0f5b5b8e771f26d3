import type { Outcome } from "#src/kernel/outcome.ts";

/** A call of a tool, as the object vouches for it that its run is in. */
export interface ToolCall {
  clientId: string;
  /** The owner of the run, whose rights count. */
  userId: string;
  runId: string;
  /** The persona, where the run is one's. */
  instanceId: string | null;
  /** The same for all attempts: what is done under it is done once. */
  taskId: string;
  /** The tool and its arguments, as they stand with the task. */
  input: Record<string, unknown>;
  /** Whether a person has allowed it. */
  isAllowed: boolean;
}

/** What the gateway does for personas at work, which their objects ask of it. */
export interface ToolCallsApi {
  /** Carries out a tool of the shop, by the rights that the owner of the run has now. */
  useTool(call: ToolCall): Promise<Outcome<unknown>>;
}
