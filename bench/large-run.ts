import { apiClient, type components, dataOf } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";

type Run = components["schemas"]["Run"];
type Step = Run["steps"][number];

/** A run that goes on, by a plan of so many steps one behind the other, made of one that there is. */
export async function largeRun(url: string, count: number): Promise<Run> {
  const [, { email, password }] = demo.accounts;
  const { access_token: token } = dataOf(
    await apiClient({ baseUrl: url }).POST("/api/v1/auth/login", { body: { email, password } }),
  );
  const api = apiClient({ baseUrl: url, token });
  const { runs } = dataOf(await api.GET("/api/v1/personas/runs", { params: { query: { limit: 1 } } }));
  const correlation_id = runs[0]?.correlation_id ?? "";
  const run = dataOf(
    await api.GET("/api/v1/personas/runs/{correlation_id}", { params: { path: { correlation_id } } }),
  );
  const names = Array.from({ length: count }, (_, index) => `step${index}`);
  const pattern = run.steps[0];
  if (!pattern) throw new Error("The run has no steps");
  const steps = names.map(
    (name): Step => ({ ...pattern, name, status: "pending", started_at: null, completed_at: null }),
  );
  const plan = {
    start_step: "step0",
    steps: Object.fromEntries(
      names.map((name, index) => [name, { action: "ai_text_generate", next_step: names[index + 1] }]),
    ),
  };
  return { ...run, status: "running", completed_at: null, error: null, waiting: [], steps, plan };
}

/** The same run, with one of its steps in another status. */
export const withStep = (run: Run, name: string, status: Step["status"]): Run => ({
  ...run,
  revision: (run.revision ?? 0) + 1,
  steps: run.steps.map((step) => (step.name === name ? { ...step, status } : step)),
});
