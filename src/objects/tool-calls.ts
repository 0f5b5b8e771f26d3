import { z } from "zod";
import type { Outcome } from "#src/kernel/outcome.ts";

/** A call of a tool, as the object vouches for it that its run is in. */
export interface ToolCall {
  clientId: string;
  /** The owner of the run, whose rights count. */
  userId: string;
  runId: string;
  /** The run that no other waits for: this one, unless it is a child run. */
  rootRunId?: string;
  /** The persona, where the run is one's. */
  instanceId: string | null;
  /** The same for all attempts: what is done under it is done once. */
  taskId: string;
  /** The tool and its arguments, as they stand with the task. */
  input: Record<string, unknown>;
  /** Whether a person has allowed it. */
  isAllowed: boolean;
  /** What whoever allowed it was told that it would change; null where nobody was told anything. */
  allowedChange: { before: Figures; after: Figures } | null;
  /** Whether the persona's policy has a person asked, whatever else would do without. */
  isToBeAsked: boolean;
}

const figures = z.record(z.string(), z.unknown());
export type Figures = Readonly<z.infer<typeof figures>>;

/** What is answered where a person is to allow a call first: what it would change, and who may allow it. */
const askedFirst = z.strictObject({
  person_is_asked: z.strictObject({
    tool: z.string(),
    needs: z.string().nullable(),
    before: figures,
    after: figures,
  }),
});
export type AskedFirst = z.infer<typeof askedFirst>;
export type PersonIsAsked = AskedFirst["person_is_asked"];

/** That a person is to be asked; undefined of what a tool has put out. */
export const askedFirstIn = (value: unknown): PersonIsAsked | undefined =>
  askedFirst.safeParse(value).data?.person_is_asked;

/** What the gateway does for personas at work, which their objects ask of it. */
export interface ToolCallsApi {
  /**
   * Carries out a tool of the shop, by the rights that the owner of the run has now; or says, of a change that nobody has
   * allowed, that a person is asked first (`askedFirstIn`).
   */
  useTool(call: ToolCall): Promise<Outcome<unknown>>;
}
