import { send } from "./api.ts";
import { guest } from "./guests.ts";
import { bodyOf, copywriter, makeInstance, present } from "./personas.ts";
import type { Frame } from "./sockets.ts";
import { createUserWithSession, type TestUser } from "./users.ts";
import type { PlanInput } from "./workflows.ts";

/** What a socket is told of a workflow. */
export interface WorkflowFrame extends Frame {
  correlation_id: string;
  data: { status: string; step: string | null; progress: number; result: unknown; run: string | null };
}

export const isWorkflowFrame = (frame: Frame): frame is WorkflowFrame => frame.type === "workflow_status";

/** A plan of two gates, one after the other. */
export const twoQuestions: PlanInput = {
  start_step: "first",
  steps: {
    first: { action: "pause_for_human_input", next_step: "second", on_error: "mend" },
    second: { action: "pause_for_human_input", next_step: "done" },
    done: { action: "complete_workflow", input: { text: "{{input.topic}}", kind: "{{input.action}}" } },
    mend: { action: "complete_workflow", input: { text: "mended" } },
  },
};

/** A persona of somebody's that carries out a plan. */
export const personaWith = async (owner: TestUser, workflow: PlanInput = twoQuestions): Promise<string> =>
  (
    await makeInstance(owner, undefined, {
      ...copywriter,
      config: { ...copywriter.config, workflow, input_schema: topicAlone },
    })
  ).id;

const topicAlone = {
  type: "object",
  properties: { topic: { type: "string", maxLength: 20 } },
  required: ["topic"],
};

/** A connection that starts workflows. */
export async function starter(user: TestUser, query = "") {
  const connection = await guest(user, query);
  const start = (id: unknown, agent_instance_id: unknown, more: object = {}) =>
    connection.send({
      type: "start_workflow",
      id,
      data: { agent_instance_id, workflow_type: "words", parameters: { topic: "tea" }, ...more },
    });
  /** All that has been told of a workflow. */
  const told = (id: string) =>
    connection.frames.filter(isWorkflowFrame).filter((frame) => frame.correlation_id === id);
  const nextOf = async (id: string, wanted: (frame: WorkflowFrame) => boolean = () => true) => {
    const isWanted = (frame: Frame) => isWorkflowFrame(frame) && frame.correlation_id === id && wanted(frame);
    const found = await connection.next(isWanted);
    return present(isWorkflowFrame(found) ? found : undefined);
  };
  const atStep = (id: string, step: string) => nextOf(id, ({ data }) => data.step === step);
  const ended = (id: string) => nextOf(id, ({ data }) => data.status !== "in_progress");
  return { ...connection, start, told, nextOf, atStep, ended };
}

/** Answers the question that a run waits with. */
export const answer = async (user: TestUser, run: unknown, approved = true): Promise<void> => {
  await bodyOf(await send("POST", `/api/v1/personas/runs/${run}/resume`, { approved }, user.headers), 200);
};

/** Somebody with a persona, connected. */
export async function someoneStarting(clientId: string, workflow: PlanInput = twoQuestions) {
  const user = await createUserWithSession(clientId);
  const persona = await personaWith(user, workflow);
  return { user, persona, ...(await starter(user)) };
}
