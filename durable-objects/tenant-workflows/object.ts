import { DurableObject } from "cloudflare:workers";
import { type ObjectPlatformBindings, objectPlatformOf } from "#src/object-platform.ts";
import type { EventsApi } from "#src/objects/events-api.ts";
import type { HistoryApi } from "#src/objects/history-api.ts";
import type { MemoriesApi } from "#src/objects/memories-api.ts";
import type { RunsApi } from "#src/objects/runs-api.ts";
import type { TasksApi } from "#src/objects/tasks-api.ts";
import type { TenantObject, WorkflowsStatus } from "#src/objects/tenant-object.ts";
import { type Assembly, assemble } from "./assemble.ts";
import { passTime } from "./pass-time.ts";
import { Events } from "./rpc/events.ts";
import { History } from "./rpc/history.ts";
import { Memories } from "./rpc/memories.ts";
import { Runs } from "./rpc/runs.ts";
import { Tasks } from "./rpc/tasks.ts";

/**
 * The tenant's workflow object: the shell around the engine. See src/engine/ARCHITECTURE.md. What can be asked of it is
 * in `rpc/`; it is asked by these names, also by Workers of other releases.
 */
export class TenantWorkflows extends DurableObject<ObjectPlatformBindings> implements TenantObject {
  readonly #parts: Assembly;
  readonly #runs: RunsApi;
  readonly #tasks: TasksApi;
  readonly #events: EventsApi;
  readonly #memories: MemoriesApi;
  readonly #history: HistoryApi;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    this.#parts = assemble(ctx, objectPlatformOf(env, ctx.id));
    this.#runs = new Runs(this.#parts);
    this.#tasks = new Tasks(this.#parts);
    this.#events = new Events(this.#parts);
    this.#memories = new Memories(this.#parts);
    this.#history = new History(this.#parts);
    const { room, retention } = this.#parts;
    const now = Date.now();
    // An object whose storage is full answers what it is asked, and makes room.
    room.attempt(
      () => this.#begin(now),
      () => ctx.waitUntil(retention.sweep(now)),
    );
  }

  #begin(now: number): void {
    const { leases, outbox, delivery, alarm } = this.#parts;
    // What this instance finds it has not sent itself, and a queue may have forgotten.
    delivery.deliver({ applied: leases.sendUnclaimed(now) > 0 || outbox.next(now) !== null });
    alarm.rearm(now);
  }

  override async alarm(): Promise<void> {
    return passTime(this.#parts, this.ctx, Date.now());
  }

  async wake(): Promise<void> {
    this.#parts.alarm.rearm(Date.now());
  }

  async describe(): Promise<WorkflowsStatus> {
    const { runs, leases, marks } = this.#parts;
    return {
      activeRuns: runs.countActive(),
      openTasks: leases.countOpen(),
      ignoredReports: marks.get("ignored_reports"),
    };
  }

  startRun(...call: Parameters<RunsApi["startRun"]>) {
    return this.#runs.startRun(...call);
  }
  getRun(...call: Parameters<RunsApi["getRun"]>) {
    return this.#runs.getRun(...call);
  }
  listTasks(...call: Parameters<RunsApi["listTasks"]>) {
    return this.#runs.listTasks(...call);
  }
  getTask(...call: Parameters<RunsApi["getTask"]>) {
    return this.#runs.getTask(...call);
  }
  waitingRuns(...call: Parameters<RunsApi["waitingRuns"]>) {
    return this.#runs.waitingRuns(...call);
  }
  waitForRun(...call: Parameters<RunsApi["waitForRun"]>) {
    return this.#runs.waitForRun(...call);
  }
  resumeRun(...call: Parameters<RunsApi["resumeRun"]>) {
    return this.#runs.resumeRun(...call);
  }
  earlierDecision(...call: Parameters<RunsApi["earlierDecision"]>) {
    return this.#runs.earlierDecision(...call);
  }
  cancelRun(...call: Parameters<RunsApi["cancelRun"]>) {
    return this.#runs.cancelRun(...call);
  }
  terminateRun(...call: Parameters<RunsApi["terminateRun"]>) {
    return this.#runs.terminateRun(...call);
  }
  cancelRunsOfInstance(...call: Parameters<RunsApi["cancelRunsOfInstance"]>) {
    return this.#runs.cancelRunsOfInstance(...call);
  }
  cancelRunsOfUser(...call: Parameters<RunsApi["cancelRunsOfUser"]>) {
    return this.#runs.cancelRunsOfUser(...call);
  }
  eraseRunsOf(...call: Parameters<RunsApi["eraseRunsOf"]>) {
    return this.#runs.eraseRunsOf(...call);
  }
  setTenantActive(...call: Parameters<RunsApi["setTenantActive"]>) {
    return this.#runs.setTenantActive(...call);
  }
  pendingRuns(...call: Parameters<RunsApi["pendingRuns"]>) {
    return this.#runs.pendingRuns(...call);
  }
  confirmCopies(...call: Parameters<RunsApi["confirmCopies"]>) {
    return this.#runs.confirmCopies(...call);
  }

  recallMemories(...call: Parameters<TasksApi["recallMemories"]>) {
    return this.#tasks.recallMemories(...call);
  }
  claimTasks(...call: Parameters<TasksApi["claimTasks"]>) {
    return this.#tasks.claimTasks(...call);
  }
  useTool(...call: Parameters<TasksApi["useTool"]>) {
    return this.#tasks.useTool(...call);
  }
  renewTasks(...call: Parameters<TasksApi["renewTasks"]>) {
    return this.#tasks.renewTasks(...call);
  }
  reportProgress(...call: Parameters<TasksApi["reportProgress"]>) {
    return this.#tasks.reportProgress(...call);
  }
  completeTasks(...call: Parameters<TasksApi["completeTasks"]>) {
    return this.#tasks.completeTasks(...call);
  }
  failTask(...call: Parameters<TasksApi["failTask"]>) {
    return this.#tasks.failTask(...call);
  }
  failDeadTask(...call: Parameters<TasksApi["failDeadTask"]>) {
    return this.#tasks.failDeadTask(...call);
  }
  deferTask(...call: Parameters<TasksApi["deferTask"]>) {
    return this.#tasks.deferTask(...call);
  }
  redispatchTasksOfInstance(...call: Parameters<TasksApi["redispatchTasksOfInstance"]>) {
    return this.#tasks.redispatchTasksOfInstance(...call);
  }

  appendEvent(...call: Parameters<EventsApi["appendEvent"]>) {
    return this.#events.appendEvent(...call);
  }
  appendEvents(...call: Parameters<EventsApi["appendEvents"]>) {
    return this.#events.appendEvents(...call);
  }
  spreadHubs(...call: Parameters<EventsApi["spreadHubs"]>) {
    return this.#events.spreadHubs(...call);
  }
  takeOverEvents(...call: Parameters<EventsApi["takeOverEvents"]>) {
    return this.#events.takeOverEvents(...call);
  }
  redactEvents(...call: Parameters<EventsApi["redactEvents"]>) {
    return this.#events.redactEvents(...call);
  }
  readEvents(...call: Parameters<EventsApi["readEvents"]>) {
    return this.#events.readEvents(...call);
  }
  waitForEvents(...call: Parameters<EventsApi["waitForEvents"]>) {
    return this.#events.waitForEvents(...call);
  }
  greetListener(...call: Parameters<EventsApi["greetListener"]>) {
    return this.#events.greetListener(...call);
  }
  feedWebhook(...call: Parameters<EventsApi["feedWebhook"]>) {
    return this.#events.feedWebhook(...call);
  }
  confirmWebhookDisabled(...call: Parameters<EventsApi["confirmWebhookDisabled"]>) {
    return this.#events.confirmWebhookDisabled(...call);
  }

  listMemories(...call: Parameters<MemoriesApi["listMemories"]>) {
    return this.#memories.listMemories(...call);
  }
  searchMemories(...call: Parameters<MemoriesApi["searchMemories"]>) {
    return this.#memories.searchMemories(...call);
  }
  getMemory(...call: Parameters<MemoriesApi["getMemory"]>) {
    return this.#memories.getMemory(...call);
  }
  putMemory(...call: Parameters<MemoriesApi["putMemory"]>) {
    return this.#memories.putMemory(...call);
  }
  changeMemory(...call: Parameters<MemoriesApi["changeMemory"]>) {
    return this.#memories.changeMemory(...call);
  }
  removeMemory(...call: Parameters<MemoriesApi["removeMemory"]>) {
    return this.#memories.removeMemory(...call);
  }
  removeMemoriesOf(...call: Parameters<MemoriesApi["removeMemoriesOf"]>) {
    return this.#memories.removeMemoriesOf(...call);
  }
  forgetConversation(...call: Parameters<MemoriesApi["forgetConversation"]>) {
    return this.#memories.forgetConversation(...call);
  }
  countMemories(...call: Parameters<MemoriesApi["countMemories"]>) {
    return this.#memories.countMemories(...call);
  }

  runsOfUser(...call: Parameters<HistoryApi["runsOfUser"]>) {
    return this.#history.runsOfUser(...call);
  }
  runsOfInstance(...call: Parameters<HistoryApi["runsOfInstance"]>) {
    return this.#history.runsOfInstance(...call);
  }
  lastRunsOfInstances(...call: Parameters<HistoryApi["lastRunsOfInstances"]>) {
    return this.#history.lastRunsOfInstances(...call);
  }
  logOfInstance(...call: Parameters<HistoryApi["logOfInstance"]>) {
    return this.#history.logOfInstance(...call);
  }
  imagesOfInstance(...call: Parameters<HistoryApi["imagesOfInstance"]>) {
    return this.#history.imagesOfInstance(...call);
  }
  usageOfInstance(...call: Parameters<HistoryApi["usageOfInstance"]>) {
    return this.#history.usageOfInstance(...call);
  }
  usageOfTenant(...call: Parameters<HistoryApi["usageOfTenant"]>) {
    return this.#history.usageOfTenant(...call);
  }
  contentOfUser(...call: Parameters<HistoryApi["contentOfUser"]>) {
    return this.#history.contentOfUser(...call);
  }
  usageOfDays(...call: Parameters<HistoryApi["usageOfDays"]>) {
    return this.#history.usageOfDays(...call);
  }
  takeOverHistory(...call: Parameters<HistoryApi["takeOverHistory"]>) {
    return this.#history.takeOverHistory(...call);
  }
  completeHistory(...call: Parameters<HistoryApi["completeHistory"]>) {
    return this.#history.completeHistory(...call);
  }
}
