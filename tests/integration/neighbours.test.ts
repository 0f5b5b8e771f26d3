import { v7 as uuidv7 } from "uuid";
import { expect, inject, it } from "vitest";
import { apiClient, dataOf } from "#client/index.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { eventually, instanceWith, signedIn } from "../support/outside.ts";
import { plan } from "../support/plans.ts";

const baseUrl = inject("baseUrl");
const administrator = await signedIn(baseUrl, "admin");
const noisy = await signedIn(baseUrl);

/** A user of a tenant that has just been made. */
async function neighbour() {
  const client_id = `quiet_${uuidv7().slice(-8)}`;
  const settings = { registration: "open" };
  dataOf(
    await administrator.api.POST("/api/v1/admin/clients", {
      body: { client_id, display_name: "Quiet", settings },
    }),
  );
  const account = { email: `${client_id}@quiet.example`, password: "Correct-Horse-9", client_id };
  const { access_token: token } = dataOf(
    await apiClient({ baseUrl }).POST("/api/v1/auth/register", { body: account }),
  );
  return apiClient({ baseUrl, token });
}

const runs = 120;
/** What a call with `#slow` takes at the sandbox. */
const slowCallMs = 3000;

it("A tenant with a long backlog at a slow provider holds up no other tenant in the same lane", async () => {
  const quiet = await neighbour();
  const persona = plan("write", {
    write: { action: "ai_text_generate", input: { prompt: "{{input.topic}}" }, next_step: "find" },
    find: { action: "web_search", input: { query: "tea" }, next_step: "review" },
    review: { action: "ai_text_generate", input: { prompt: "tea" } },
  });
  const slow = await instanceWith({ administrator: administrator.api, user: noisy.api }, persona);
  const own = await instanceWith({ administrator: administrator.api, user: quiet }, persona);
  const quietRun = async () => {
    const begun = Date.now();
    const run = dataOf(
      await quiet.POST("/api/v1/personas/instances/{instance_id}/execute", {
        params: { path: { instance_id: own }, query: { wait: 25 } },
        body: { input: { topic: "tea" }, priority: "low" },
      }),
    );
    expect(run).toMatchObject({ status: "completed" });
    return Date.now() - begun;
  };
  const alone = await quietRun();
  const backlog = await mapConcurrent(Array.from({ length: runs }), 10, async () => {
    const params = { path: { instance_id: slow } };
    const body = { input: { topic: "tea #slow" }, priority: "low" } as const;
    return dataOf(await noisy.api.POST("/api/v1/personas/instances/{instance_id}/execute", { params, body }));
  });
  const together = await quietRun();

  const path = { instance_id: slow };
  const { stopped } = dataOf(
    await noisy.api.POST("/api/v1/personas/instances/{instance_id}/stop", { params: { path }, body: {} }),
  );
  console.log(
    `a quiet run took ${alone} ms alone and ${together} ms beside ${stopped.length} of ${backlog.length} noisy ones`,
  );
  expect(stopped.length).toBeGreaterThan(runs / 2);
  // Behind a single one of their calls it would have waited for longer.
  expect(together).toBeLessThan(slowCallMs);
  await eventually(async () => {
    const { runs: own } = dataOf(
      await noisy.api.GET("/api/v1/personas/instances/{instance_id}/history", { params: { path } }),
    );
    return own.every(({ status }) => status !== "running") ? true : undefined;
  });
});
