import { z } from "zod";
import { apiClient, dataOf } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { textSteps } from "./plans.ts";
import type { BenchPlatform } from "./platform.ts";

const runSchema = z.object({ status: z.string() });

/** The demo administrator at work on a platform, and calls of the baseline beside it. */
export async function startSession({ url, baselineUrl }: BenchPlatform) {
  const [{ email, password }] = demo.accounts;
  const { access_token: token } = dataOf(
    await apiClient({ baseUrl: url }).POST("/api/v1/auth/login", { body: { email, password } }),
  );
  const api = apiClient({ baseUrl: url, token });
  const authorization = `Bearer ${token}`;
  const { client_id, id } = dataOf(await api.GET("/api/v1/auth/session"));
  const threeSteps: StartRun = {
    clientId: client_id,
    userId: id,
    tier: "enterprise",
    instanceId: null,
    projectId: null,
    templateId: null,
    templateVersion: null,
    plan: textSteps(3),
    input: {},
    config: { model: "claude-haiku-5-5" },
    agents: {},
    workflows: {},
    fuelBudget: 100,
    // Where the agents of the benchmark have an instant provider.
    lane: "low",
    idempotency: null,
    requestId: "bench",
    traceparent: "00-00000000000000000000000000000001-0000000000000001-00",
  };
  return {
    token,
    api,
    clientId: client_id,
    userId: id,
    authorization,

    /** Starts a run of three instant steps at the tenant's object, and waits for it. */
    directRun: async (): Promise<void> => {
      const body = JSON.stringify(threeSteps);
      const answer = await fetch(`${baselineUrl}/run`, { method: "POST", body });
      if (!answer.ok) throw new Error(`/run answered ${answer.status}`);
      await answer.text();
    },

    /** A template with a plan, and an instance of it. */
    async instanceOf(name: string, workflow: Plan) {
      const config = { model: "claude-haiku-5-5", workflow };
      const template = dataOf(
        await api.POST("/api/v1/templates", { body: { name, description: "", category: "bench", config } }),
      );
      return dataOf(
        await api.POST("/api/v1/personas/instances", { body: { template_id: template.id, name } }),
      );
    },

    /** Executes an instance and waits for its result. */
    execution:
      ({ id }: { id: string }, input: Record<string, unknown> = {}) =>
      async (): Promise<void> => {
        const answer = await fetch(`${url}/api/v1/personas/instances/${id}/execute?wait=25`, {
          method: "POST",
          headers: { authorization, "content-type": "application/json" },
          body: JSON.stringify({ input }),
        });
        const { status } = runSchema.parse(await answer.json());
        if (status !== "completed") throw new Error(`the run is ${status}`);
      },

    /** Executes an instance; gives the run's id and waits for nothing. */
    begin: async ({ id }: { id: string }): Promise<string> => {
      const path = { instance_id: id };
      const begun = await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
        params: { path },
        body: { input: {} },
      });
      return dataOf(begun).correlation_id;
    },

    /** A GET of the platform. */
    reading: (path: string) => async (): Promise<void> => {
      const answer = await fetch(`${url}${path}`, { headers: { authorization } });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      await answer.text();
    },

    /** A POST to the baseline. */
    baselineCall: (path: string) => async (): Promise<void> => {
      const answer = await fetch(`${baselineUrl}${path}`, { method: "POST" });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      await answer.text();
    },
  };
}

export type BenchSession = Awaited<ReturnType<typeof startSession>>;
