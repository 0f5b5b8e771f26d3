import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import gateway from "#workers/gateway/index.ts";

/** Asks a gateway that has a dataset for its figures; gives what it writes there. */
async function figuresOf(...requests: Request[]): Promise<AnalyticsEngineDataPoint[]> {
  const written: AnalyticsEngineDataPoint[] = [];
  const METRICS: AnalyticsEngineDataset = { writeDataPoint: (point = {}) => void written.push(point) };
  const bound = { ...env, METRICS };
  for (const request of requests) await gateway.fetch(request, bound, createExecutionContext());
  return written;
}

it("A request is a figure: its method, the pattern of its route, its status, and how long it took", async () => {
  const id = crypto.randomUUID();
  const [health, project, nowhere] = await figuresOf(
    new Request("http://platform.test/health"),
    new Request(`http://platform.test/api/v1/projects/${id}`, { method: "DELETE" }),
    new Request(`http://platform.test/nowhere/${id}`),
  );
  expect(health).toEqual({
    indexes: ["request"],
    blobs: ["request", "GET", "/health", "200"],
    doubles: [expect.any(Number)],
  });
  expect(project?.blobs).toEqual(["request", "DELETE", "/api/v1/projects/:project_id", "401"]);
  expect(nowhere?.blobs).toEqual(["request", "GET", "none", "404"]);
});

it("Without a dataset nothing is made of a request but its answer", async () => {
  const answer = await gateway.fetch(
    new Request("http://platform.test/health"),
    { ...env, METRICS: undefined },
    createExecutionContext(),
  );
  expect(answer.status).toBe(200);
});
