import type { TenantObject } from "./tenant-object.ts";

export type { DecidedRun, RunAnswer, RunScope, StartedRun } from "./runs-api.ts";
export type { CompletionReport, TaskAssignment, TaskReport } from "./tasks-api.ts";

export type TenantWorkflowsApi = TenantObject;
