import { jsonBytes } from "#src/engine/limits.ts";
import { workflowIn } from "#src/engine/plans/workflow-graph.ts";
import type { Effect } from "#src/engine/run-draft.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import {
  isFinished,
  type RunHeader,
  type RunState,
  type TaskState,
  type TaskStatus,
} from "#src/engine/run-state.ts";
import type { ChildRun, RunView, WaitingGate } from "#src/engine/run-view.ts";
import { agentTypeOfTopic } from "#src/engine/topics.ts";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type { EventData } from "#src/kernel/event-catalogue.ts";
import type { RunOfEvent } from "#src/kernel/events/executions.ts";
import { traceIdOf } from "#src/observability/trace-context.ts";
import { cutText } from "#src/text/cut-text.ts";
import type { RunCopy, UsageRecord, WorkflowUse } from "./platform-message.ts";
import { startOfRun } from "./run-id.ts";

const sum = (tasks: readonly TaskState[], field: "fuelSpent" | "tokensIn" | "tokensOut" | "costMicros") =>
  tasks.reduce((total, task) => total + task[field], 0);

/** The step that began last among those not over; of a finished run, the one that began last. */
function currentStep(run: RunState): string | null {
  const steps = Object.values(run.steps).sort((a, b) => b.order - a.order);
  const active = steps.find(({ status }) => status === "running" || status === "paused");
  return (active ?? steps[0])?.name ?? null;
}

/** A run as its owner sees it: every step of the plan, begun or not. */
export function viewOf(run: RunState, children: ChildRun[] = [], waiting: WaitingGate[] = []): RunView {
  const tasks = Object.values(run.tasks);
  const begun = Object.values(run.steps).sort((a, b) => a.order - b.order);
  const open = Object.keys(run.header.plan.steps).filter((name) => !run.steps[name]);
  return {
    correlation_id: run.header.id,
    instance_id: run.header.instanceId,
    status: run.status,
    current_step: currentStep(run),
    steps: [
      ...begun.map((step) => {
        const own = tasks.filter(({ stepName }) => stepName === step.name);
        return {
          name: step.name,
          action: step.action,
          status: step.status,
          attempts: Math.max(own.length === 0 ? 1 : 0, ...own.map(({ attempt }) => attempt)),
          started_at: isoTime(step.startedAt),
          completed_at: isoTimeOrNull(step.completedAt),
          fuel: step.fuel + sum(own, "fuelSpent"),
          tokens: {
            input: sum(own, "tokensIn"),
            output: sum(own, "tokensOut"),
            ...(own.some(({ isUsageEstimated }) => isUsageEstimated) ? { estimated: true } : {}),
          },
          input: inputOf(own),
          tasks: countsOf(own),
          output: step.output,
          error: step.error,
          errors: [...(step.errors ?? [])],
        };
      }),
      ...open.map((name) => ({
        name,
        action: run.header.plan.steps[name]?.action ?? "",
        status: "pending" as const,
        attempts: 0,
        started_at: null,
        completed_at: null,
        fuel: 0,
        tokens: { input: 0, output: 0 },
        input: null,
        tasks: {},
        output: null,
        error: null,
        errors: [],
      })),
    ],
    data: {
      ...run.extra,
      ...Object.fromEntries(
        begun.filter(({ output }) => output !== null).map(({ name, output }) => [name, output]),
      ),
    },
    fuel: run.fuel,
    result: run.result,
    error: run.error,
    created_at: isoTime(run.header.createdAt),
    updated_at: isoTime(run.updatedAt),
    completed_at: isoTimeOrNull(run.completedAt),
    waiting,
    parent_id: run.header.parent?.runId ?? null,
    children,
    trace_id: traceIdOf(run.header.traceparent),
    revision: run.revision,
    started_by: run.header.startedBy ?? { kind: "user", id: run.header.userId },
    input: run.header.input,
    plan: run.header.plan,
    versions: versionsOf(run.header),
  };
}

/** Larger inputs are not in the view of a run: it may have 32 MiB of them. */
const maxInputBytes = 16 * 1024;

/** What a step's only task was given. */
function inputOf([task, ...others]: readonly TaskState[]): Record<string, unknown> | null {
  if (!task || others.length > 0) return null;
  return (task.inputBytes ?? jsonBytes(task.input)) <= maxInputBytes ? task.input : null;
}

function countsOf(tasks: readonly TaskState[]): RunView["steps"][number]["tasks"] {
  const counts: Partial<Record<TaskStatus, number>> = {};
  for (const { status } of tasks) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const versionOf = ({ id, version }: { id: string; version: number }) => ({ id, version });

/** The definition that a run's plan is; undefined for one of its persona's own. */
const definitionOf = ({ parent, definition, workflows }: RunHeader) =>
  parent ? workflowIn(workflows, parent.workflow) : definition;

function versionsOf(header: RunHeader): RunView["versions"] {
  const { templateId, templateVersion, workflows } = header;
  const definition = definitionOf(header);
  return {
    template:
      templateId === null || templateVersion === null ? null : { id: templateId, version: templateVersion },
    definition: definition ? versionOf(definition) : null,
    workflows: Object.fromEntries(Object.entries(workflows).map(([name, of]) => [name, versionOf(of)])),
  };
}

/** Longest message of an error in a read model: one that quotes a template would not fit into a queue's message. */
const maxErrorCharacters = 2000;

/** The copy of a run for the D1 read model. */
export function copyOf(run: RunState): RunCopy {
  const tasks = Object.values(run.tasks);
  return {
    type: "run.copy",
    id: `${run.header.id}:${run.revision}`,
    correlation_id: run.header.id,
    revision: run.revision,
    client_id: run.header.clientId,
    user_id: run.header.userId,
    instance_id: run.header.instanceId,
    project_id: run.header.projectId,
    template_id: run.header.templateId,
    status: run.status,
    current_step: currentStep(run),
    fuel_budget: run.fuel.budget,
    fuel_spent: run.fuel.spent,
    tokens_in: sum(tasks, "tokensIn"),
    tokens_out: sum(tasks, "tokensOut"),
    cost_micros: sum(tasks, "costMicros"),
    // Without its details, which may be large and which the run itself has.
    error: run.error && {
      code: run.error.code,
      message: cutText(run.error.message, maxErrorCharacters),
    },
    created_at: run.header.createdAt,
    updated_at: run.updatedAt,
    completed_at: run.completedAt,
    ...(isFinished(run) && run.counted && { attempts: run.counted }),
    ...(isFinished(run) && { used: run.used ?? {} }),
    is_in_history: true,
  };
}

/** Events of a child run that say no more than its step's in the run above. */
const ownEvents: readonly string[] = [
  "execution.started",
  "execution.completed",
  "execution.failed",
  "execution.cancelled",
];

/**
 * A line of the event log about a run. What happens in a child run is told to
 * the watchers of the run above all, under that run's id.
 */
export function eventOf(run: RunState, { event, data }: Extract<Effect, { type: "emit" }>) {
  const { id, instanceId, userId, parent, traceparent } = run.header;
  if (parent && ownEvents.includes(event)) return undefined;
  const root = parent?.rootId ?? id;
  const traceId = traceIdOf(traceparent);
  const told: RunOfEvent = {
    correlation_id: root,
    instance_id: instanceId,
    ...(parent && { child_id: id, workflow: parent.workflow }),
    revision: run.revision,
    ...(traceId !== null && { trace_id: traceId }),
  };
  return { event, entity_id: root, owner_user_id: userId, data: { ...told, ...data } };
}

/**
 * What those who watch a persona hear when a run of its has come to another status; undefined where it has not.
 * @param event what has led to it, maybe in another run
 */
export function statusChangeOf(before: RunState, after: RunState, event: RunEvent) {
  const { id, instanceId, userId, parent } = after.header;
  if (parent || instanceId === null || before.status === after.status) return undefined;
  const data: EventData<"instance.status.changed"> = {
    instance_id: instanceId,
    correlation_id: id,
    previous_status: before.status,
    new_status: after.status,
    triggered_by: event.type === "start" ? userId : "userId" in event ? event.userId : undefined,
    reason: after.error && cutText(after.error.message, maxErrorCharacters),
  };
  return { event: "instance.status.changed", entity_id: instanceId, owner_user_id: userId, data };
}

/** That a run which begins carries out a workflow definition; undefined for one with a plan of its persona's own. */
export function workflowUseOf(header: RunHeader): WorkflowUse | undefined {
  const { id, clientId, parent } = header;
  const used = definitionOf(header);
  const root = parent?.rootId ?? id;
  return (
    used && {
      type: "workflow.use",
      client_id: clientId,
      workflow_id: used.id,
      version: used.version,
      correlation_id: root,
      created_at: startOfRun(root),
    }
  );
}

/** What a finished task attempt cost, for the usage read model. */
export function usageOf(
  run: RunState,
  { task, usage, success }: Extract<Effect, { type: "usage" }>,
  now: number,
): UsageRecord {
  return {
    type: "usage",
    id: `${task.id}:${task.attempt}`,
    client_id: run.header.clientId,
    user_id: run.header.userId,
    instance_id: run.header.instanceId,
    correlation_id: run.header.parent?.rootId ?? run.header.id,
    step_name: task.stepName,
    agent_type: agentTypeOfTopic(task.topic),
    action: task.action,
    model: usage.model ?? null,
    fuel: task.fuelSpent,
    tokens_in: usage.tokensIn,
    tokens_out: usage.tokensOut,
    cost_micros: usage.costMicros,
    duration_ms: Math.round(usage.durationMs),
    success,
    error_code: success ? null : (task.error?.code ?? null),
    created_at: now,
  };
}
