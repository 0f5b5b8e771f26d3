/** The door of `workflow-definitions`: what other rooms may import of it. */
export { createWorkflow } from "./create-workflow.ts";
export { deleteWorkflow } from "./delete-workflow.ts";
export { getWorkflow } from "./get-workflow.ts";
export { listWorkflowVersions } from "./list-workflow-versions.ts";
export { listWorkflows } from "./list-workflows.ts";
export { reportOnPlan } from "./report-on-plan.ts";
export { type ResolvedWorkflow, resolveWorkflows } from "./resolve-workflows.ts";
export { updateWorkflow } from "./update-workflow.ts";
export { validateWorkflow } from "./validate-workflow.ts";
export { referenceStatements } from "./workflow-reference-statement.ts";
export { findActiveWorkflows, findWorkflow } from "./workflow-repository.ts";
