import { isAnswering } from "#src/engine/plans/answering-step.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { compactionAction, compactionTopic } from "#src/objects/compaction-contract.ts";
import type { TurnView } from "#src/objects/conversation-api.ts";
import type { Persona } from "#src/objects/conversation-persona.ts";
import { insightsAction, insightsTopic } from "#src/objects/insights-contract.ts";
import type { MemoryOwner } from "#src/objects/memory.ts";
import { titleAction, titleTopic } from "#src/objects/title-contract.ts";
import { chatTurnAction, chatTurnTopic } from "#src/objects/turn-contract.ts";
import { childOf, formatTraceparent } from "#src/observability/trace-context.ts";
import type { ConversationState } from "./conversation-state.ts";

type State = Pick<ConversationState, "row" | "persona">;

const planOf = (step: StartRun["plan"]["steps"][string]): StartRun["plan"] => ({
  start_step: "answer",
  steps: { answer: step },
});

/** What a run of a turn follows: the persona's own workflow, whose answering step has its way here alone, or that step. */
function turnPlan({ tools, workflow }: Pick<Persona, "tools" | "workflow">): StartRun["plan"] {
  const answering = { topic: chatTurnTopic, ...(tools.length > 0 && { tools: [...tools] }) };
  if (!workflow) return planOf({ action: chatTurnAction, description: "", ...answering });
  const { start_step, steps } = workflow.plan;
  return {
    start_step,
    steps: Object.fromEntries(
      Object.entries(steps).map(([name, step]) => [
        name,
        isAnswering(step) ? { ...step, ...answering } : step,
      ]),
    ),
  };
}

const compactionPlan = planOf({ action: compactionAction, topic: compactionTopic, description: "" });

const titlePlan = planOf({ action: titleAction, topic: titleTopic, description: "" });

const insightsPlan = planOf({ action: insightsAction, topic: insightsTopic, description: "" });

/** What runs of a conversation have in common: they are the persona's owner's, started by whoever talks. */
function shared(
  { row, persona }: State,
  kind: "turn" | "compact" | "insights" | "title",
  requestId: string,
): Omit<StartRun, "plan" | "input"> {
  const { id, client_id: clientId, instance_id: instanceId, owner_id, owner_kind } = row;
  // The persona's own owner is told what it has kept of what they had it do; anybody else what they have told it.
  const isOwners = owner_kind === "user" && owner_id === persona.run.userId;
  const owner: MemoryOwner = isOwners ? "owner" : `${owner_kind}:${owner_id}`;
  return {
    ...persona.run,
    clientId,
    instanceId,
    idempotency: { key: `${kind}:${requestId}`, bodyDigest: requestId },
    requestId,
    traceparent: formatTraceparent(childOf(undefined)),
    startedBy: { kind: owner_kind, id: owner_id },
    memoryOf: { owner, conversationId: id },
  };
}

/** Which workflow it is that a turn follows. */
const definitionOf = ({ workflow }: Pick<Persona, "workflow">): Pick<StartRun, "definition"> =>
  workflow ? { definition: { id: workflow.id, version: workflow.version } } : {};

/** What begins a turn's run. */
export const turnRequest = (state: State, turn: Pick<TurnView, "id" | "epoch">): StartRun => ({
  ...shared(state, "turn", turn.id),
  plan: turnPlan(state.persona),
  ...definitionOf(state.persona),
  input: { conversation_id: state.row.id, turn_id: turn.id, epoch: turn.epoch },
});

/** What begins the run that summarises it. */
export const compactionRequest = (state: State, id: string): StartRun => ({
  ...shared(state, "compact", id),
  plan: compactionPlan,
  input: { conversation_id: state.row.id, compaction_id: id },
});

/** What begins the run that reads it, when there is nothing better to do. */
export const insightsRequest = (state: State, id: string): StartRun => ({
  ...shared(state, "insights", id),
  lane: "low",
  plan: insightsPlan,
  input: { conversation_id: state.row.id, insights_id: id },
});

/** What begins the run that gives it a title, when there is nothing better to do. */
export const titleRequest = (state: State, id: string): StartRun => ({
  ...shared(state, "title", id),
  lane: "low",
  plan: titlePlan,
  input: { conversation_id: state.row.id, title_id: id },
});
