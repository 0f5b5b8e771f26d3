import { z } from "zod";
import { type ApiClient, dataOf } from "#client/index.ts";
import { planSchema } from "#src/engine/plans/plan.ts";

const configSchema = z.object({ workflow: planSchema });

/** A sub-task as its plan names it. */
export interface SubTask {
  name: string;
  topic: string;
}

/** The sub-tasks of each step of an instance's plan, by the step's name. */
export async function subTasksOf(api: ApiClient, instanceId: string): Promise<Map<string, SubTask[]>> {
  const params = { path: { instance_id: instanceId } };
  const { config } = dataOf(await api.GET("/api/v1/personas/instances/{instance_id}", { params }));
  const { steps } = configSchema.parse(config).workflow;
  return new Map(
    Object.entries(steps).map(([name, { sub_tasks = [] }]) => [
      name,
      sub_tasks.map(({ step_name, topic }) => ({ name: step_name, topic })),
    ]),
  );
}
