import type { Database } from "#src/db/client.ts";
import { limits } from "#src/engine/limits.ts";
import { type Plan, planSchema } from "#src/engine/plans/plan.ts";
import { workflowsCalledBy } from "#src/engine/plans/workflow-graph.ts";
import type { Owner } from "#src/tenants/index.ts";
import { findActiveWorkflows } from "./workflow-repository.ts";

/** A definition in the version that a run keeps. */
export interface ResolvedWorkflow {
  id: string;
  version: number;
  plan: Plan;
}

/**
 * The definitions that a plan reaches, at any depth that runs allow, each in its
 * latest version. What is missing, circular or too much is left to the check of
 * the plan; no more is read than that needs. A plan without child runs costs no query.
 * @param known definitions as they are to be, instead of as they are stored
 */
export async function resolveWorkflows(
  db: Database,
  owner: Owner,
  plan: Plan,
  known: Readonly<Record<string, ResolvedWorkflow>> = {},
): Promise<Record<string, ResolvedWorkflow>> {
  const found = new Map<string, ResolvedWorkflow>();
  const asked = new Set<string>();
  let names = workflowsCalledBy(plan);
  for (let depth = 0; names.length > 0 && depth < limits.childDepth; depth++) {
    for (const name of names) asked.add(name);
    if (asked.size > limits.childPlans) break;
    const stored = names.filter((name) => !Object.hasOwn(known, name));
    const rows = stored.length === 0 ? [] : await findActiveWorkflows(db, owner, stored);
    const level = new Map(
      rows.map(({ name, id, version, plan }) => [name, { id, version, plan: planSchema.parse(plan) }]),
    );
    for (const name of names) {
      const workflow = Object.hasOwn(known, name) ? known[name] : level.get(name);
      if (workflow) found.set(name, workflow);
    }
    const below = names.flatMap((name) =>
      workflowsCalledBy(found.get(name)?.plan ?? { start_step: "", steps: {} }),
    );
    names = [...new Set(below)].filter((name) => !asked.has(name));
  }
  return Object.fromEntries(found);
}
