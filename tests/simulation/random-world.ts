import type { Plan } from "#src/engine/plans/plan.ts";
import { validatePlan } from "#src/engine/plans/validate-plan.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { startRequest } from "../support/plans.ts";
import type { Chance } from "./chance.ts";
import { randomPlan } from "./random-plan.ts";

/** Definitions by name, each of which may start those before it as child runs. */
function randomWorkflows(chance: Chance): StartRun["workflows"] {
  const workflows: StartRun["workflows"] = {};
  for (const name of ["inner", "middle", "outer"].slice(0, chance.pick([0, 0, 1, 2, 3]))) {
    workflows[name] = { id: name, version: 1, plan: validPlan(chance, workflows) };
  }
  return workflows;
}

/** A random plan, which the platform's own validation must agree to. */
function validPlan(chance: Chance, workflows: StartRun["workflows"]): Plan {
  const plan = randomPlan(chance, Object.keys(workflows));
  const report = validatePlan(plan, { config: {}, isRoutable: () => true, workflows });
  // An on_error step that can never begin is refused today; instances that were made before have such plans.
  const errors = report.errors.filter(({ path }) => !path.endsWith(".on_error"));
  if (errors.length > 0) throw new Error(`The generator made an invalid plan: ${JSON.stringify(errors)}`);
  return plan;
}

const randomPolicy = (chance: Chance) =>
  ["web_search", "generate_image", "remember"].map((tool) => ({
    tool,
    verdict: chance.pick(["allow", "ask", "deny"]),
  }));

/** What somebody may ask the tenant's object to run. */
export function randomRequest(chance: Chance): StartRun {
  const workflows = randomWorkflows(chance);
  const items = Array.from({ length: chance.pick([0, 1, 2, 3, 5]) }, (_, index) => index);
  return startRequest("tenant", {
    plan: validPlan(chance, workflows),
    workflows,
    instanceId: chance.happens(0.8) ? "instance" : null,
    input: { text: chance.pick(["tea", 'co"ff{{ee', "水"]), flag: chance.happens(0.5), number: 4, items },
    config: {
      model: chance.pick(["claude-haiku-4-5", "claude-sonnet-4-6", "claude-opus-4-6", "another"]),
      ...(chance.happens(0.5) && { tool_policy: randomPolicy(chance) }),
      ...(chance.happens(0.3) && { memory_config: { enabled: true, auto_store: true, max_memories: 3 } }),
    },
    fuelBudget: chance.pick([3, 30, 100, 300, 2000, 10_000]),
  });
}

const shuffledPlan = (plan: Plan, chance: Chance): Plan => ({
  ...plan,
  steps: Object.fromEntries(chance.shuffle(Object.entries(plan.steps))),
});

/** The same request, with the steps of its plans written down in another order. */
export const withKeysShuffled = (request: StartRun, chance: Chance): StartRun => ({
  ...request,
  plan: shuffledPlan(request.plan, chance),
  workflows: Object.fromEntries(
    Object.entries(request.workflows).map(([name, workflow]) => [
      name,
      { ...workflow, plan: shuffledPlan(workflow.plan, chance) },
    ]),
  ),
});
