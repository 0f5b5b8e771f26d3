import type { Plan } from "./plan.ts";

/** Steps that can come right after each step, or right before. */
export type Neighbours = ReadonlyMap<string, readonly string[]>;

/** What can come right after each step of a plan. */
export function followersIn({ steps }: Plan): Neighbours {
  const followers = new Map(
    Object.entries(steps).map(([name, { next_step, on_error }]): [string, string[]] => [
      name,
      [
        ...(next_step === undefined ? [] : [next_step]),
        ...(on_error === undefined || on_error === "continue" ? [] : [on_error]),
      ],
    ]),
  );
  for (const [name, { dependencies }] of Object.entries(steps))
    for (const dependency of new Set(dependencies)) followers.get(dependency)?.push(name);
  return followers;
}

/** The same the other way round: what can come right before. */
export function leadersIn(followers: Neighbours): Neighbours {
  const leaders = new Map([...followers.keys()].map((name): [string, string[]] => [name, []]));
  for (const [name, next] of followers) for (const follower of next) leaders.get(follower)?.push(name);
  return leaders;
}

/** Names of all steps and sub-tasks: what undoes a step may come after any of them. */
export const namesIn = ({ steps }: Plan): Set<string> =>
  new Set(
    Object.entries(steps).flatMap(([name, { sub_tasks = [] }]) => [
      name,
      ...sub_tasks.map(({ step_name }) => step_name),
    ]),
  );

/** Steps by the names of the sub-tasks they have: more than one where a name is taken twice. */
export function ownersIn({ steps }: Plan): Neighbours {
  const owners = new Map<string, string[]>();
  for (const [name, { sub_tasks = [] }] of Object.entries(steps))
    for (const { step_name } of sub_tasks) owners.set(step_name, [...(owners.get(step_name) ?? []), name]);
  return owners;
}

/** Names whose output a step can read: the steps that lead to it, and their sub-tasks. */
export function predecessors({ steps }: Plan, name: string, leaders: Neighbours): Set<string> {
  const found = new Set<string>();
  const open = [name];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const leader of leaders.get(current) ?? []) {
      if (found.has(leader)) continue;
      found.add(leader);
      open.push(leader);
    }
  }
  for (const leader of [...found])
    for (const { step_name } of steps[leader]?.sub_tasks ?? []) found.add(step_name);
  return found;
}

/** Steps that the start step leads to, in whatever way. */
export function reachable(plan: Plan, followers: Neighbours): Set<string> {
  const found = new Set<string>();
  const open = [plan.start_step];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name) || !plan.steps[name]) continue;
    found.add(name);
    open.push(...(followers.get(name) ?? []));
    const compensate = plan.steps[name]?.compensate;
    if (compensate !== undefined) open.push(compensate);
  }
  return found;
}

/** Steps that lead back to the first of them; undefined when none do. */
export function findCycle(followers: Neighbours): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, trail: string[]): string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of followers.get(name) ?? []) {
      const cycle = visit(next, [...trail, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of followers.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** A dependency of a step, beside `other` itself, that cannot begin before `other` has passed; undefined when there is none. */
export function dependencyThatWaitsFor({ steps }: Plan, name: string, other: string): string | undefined {
  const dependenciesOf = (step: string) =>
    Object.hasOwn(steps, step) ? (steps[step]?.dependencies ?? []) : [];
  return dependenciesOf(name).find((dependency) => {
    if (dependency === other) return false;
    const open = new Set([dependency]);
    // What is added meanwhile is looked at as well.
    for (const each of open) for (const earlier of dependenciesOf(each)) open.add(earlier);
    return open.has(other);
  });
}
