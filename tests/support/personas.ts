import { env } from "cloudflare:workers";
import type { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { demoTemplates } from "#scripts/demo-data.ts";
import { database } from "#src/db/client.ts";
import { finalStatuses } from "#src/engine/run-state.ts";
import type { PlatformEvent } from "#src/events/platform-event.ts";
import type { RunCopy, UsageRecord } from "#src/objects/platform-message.ts";
import type { createTemplateSchema } from "#src/personas/templates/schemas.ts";
import { writeMessages } from "#src/read-models/write-messages.ts";
import { call, send } from "./api.ts";
import { tenantObject } from "./objects.ts";
import { createUser, type TestUser } from "./users.ts";

export type TemplateInput = z.input<typeof createTemplateSchema>;

/** A value that must be there. */
export const present = <T>(value: T | undefined | null): T => {
  if (value === undefined || value === null) throw new Error("nothing there");
  return value;
};

/** The demo's template of one text step. */
export const copywriter: TemplateInput = present(demoTemplates[0]);

/** The body of an answer that must have this status. */
export async function bodyOf<T>(answer: Response, status: number): Promise<T> {
  if (answer.status !== status) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.json<T>();
}

export interface Template {
  id: string;
  name: string;
  version: number;
  config: Record<string, unknown>;
}

export interface Instance {
  id: string;
  name: string;
  config: Record<string, unknown>;
  is_active: boolean;
}

export const makeTemplate = async (
  clientId: string,
  template: TemplateInput = copywriter,
): Promise<Template> => {
  const { headers } = await createUser(clientId, { role: "admin" });
  return bodyOf(await send("POST", "/api/v1/templates", template, headers), 201);
};

export const makeInstance = async (
  owner: TestUser,
  config?: Record<string, unknown>,
  template?: TemplateInput,
): Promise<Instance> => {
  const { id } = await makeTemplate(owner.actor.clientId, template);
  const body = { template_id: id, name: "Mine", config };
  return bodyOf(await send("POST", "/api/v1/personas/instances", body, owner.headers), 201);
};

export const input = { input: { topic: "tea" } };

export const execute = (
  user: TestUser,
  instanceId: string,
  body: unknown = input,
  headers: Record<string, string> = {},
): Promise<Response> =>
  send("POST", `/api/v1/personas/instances/${instanceId}/execute`, body, { ...user.headers, ...headers });

/** Starts a run and gives its id. */
export const startRun = async (user: TestUser, instanceId: string, body: unknown = input): Promise<string> =>
  (await bodyOf<{ correlation_id: string }>(await execute(user, instanceId, body), 202)).correlation_id;

export const get = (path: string, user: TestUser): Promise<Response> => call(path, { headers: user.headers });

/** Waits until the tenant's log tells an event of this name that `matches`. */
export async function eventOf(
  clientId: string,
  name: string,
  matches: (event: PlatformEvent) => boolean = () => true,
): Promise<PlatformEvent> {
  const tenant = tenantObject(clientId);
  for (let since = 0; ; ) {
    const { events } = await tenant.waitForEvents({ since, limit: 100 }, 10_000);
    const found = events.find((event) => event.event === name && matches(event));
    if (found) return found;
    if (events.length === 0) throw new Error(`${name} was not told within 10 s`);
    since = present(events.at(-1)).seq;
  }
}

const db = database(env.DB);

type Owner = { actor: Pick<TestUser["actor"], "clientId" | "userId"> };

/** A run as its object tells it, and an attempt of its task. */
export function runAndUsage(
  owner: Owner,
  instanceId: string,
  over: Partial<RunCopy> & Pick<RunCopy, "created_at">,
): { run: RunCopy; attempt: UsageRecord } {
  const id = uuidv7({ msecs: over.created_at });
  const run: RunCopy = {
    type: "run.copy",
    id,
    // The first of the tenant's objects has it.
    correlation_id: `${id.slice(0, -2)}00`,
    revision: 1,
    client_id: owner.actor.clientId,
    user_id: owner.actor.userId,
    instance_id: instanceId,
    project_id: null,
    template_id: null,
    status: "completed",
    current_step: "done",
    fuel_budget: 100,
    fuel_spent: 10,
    tokens_in: 3,
    tokens_out: 5,
    cost_micros: 7,
    error: null,
    updated_at: over.created_at,
    completed_at: finalStatuses.includes(over.status ?? "completed") ? over.created_at + 1000 : null,
    ...over,
  };
  return { run, attempt: attemptOf(run) };
}

const attemptOf = (run: RunCopy, over: Partial<UsageRecord> = {}): UsageRecord => ({
  type: "usage",
  id: `${run.correlation_id}.write.main:1`,
  client_id: run.client_id,
  user_id: run.user_id,
  instance_id: run.instance_id,
  correlation_id: run.correlation_id,
  step_name: "write",
  agent_type: "copywriter",
  action: "ai_text_generate",
  model: "claude-haiku-5-5",
  fuel: 10,
  tokens_in: 3,
  tokens_out: 5,
  cost_micros: 7,
  duration_ms: 400,
  success: true,
  error_code: null,
  created_at: run.created_at + 500,
  ...over,
});

/** A run in the history of its tenant's object and in D1, as it was somewhen. */
export async function projectRun(...made: Parameters<typeof runAndUsage>): Promise<RunCopy> {
  const { run } = runAndUsage(...made);
  await writeMessages(db, [{ ...run, is_in_history: true }]);
  await tenantObject(run.client_id).takeOverHistory([run], []);
  return run;
}

/** A finished attempt of a task in the history of its tenant's object. */
export const projectUsage = (run: RunCopy, over: Partial<UsageRecord> = {}): Promise<void> =>
  tenantObject(run.client_id).takeOverHistory([], [attemptOf(run, over)]);
