import { expect, it } from "vitest";
import { kindOfAttempts } from "#src/engine/attempt-usage.ts";
import { noFigures } from "#src/engine/usage-figures.ts";
import { api } from "../../support/api.ts";
import { makeInstance, makeTemplate, present, projectRun } from "../../support/personas.ts";
import { plan, usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { startedTask } from "../../support/tasks.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const twoTexts = plan("one", {
  one: { action: "ai_text_generate", input: { prompt: "One" }, next_step: "two" },
  two: { action: "ai_text_generate", input: { prompt: "Two" } },
});

/** An execution of somebody's persona that has ended. */
async function execution({ actor: { clientId, userId } }: TestUser, instanceId: string) {
  const { tenant, correlationId } = await startedTask(clientId, twoTexts, {}, { userId, instanceId });
  for (const step of ["one", "two"])
    await completeTask(tenant, `${correlationId}.${step}.main`, 1, {
      output: { text: step },
      usage: { ...usage, model: `model of ${step}` },
    });
}

const seriesOf = async (user: TestUser, by: "day" | "hour" | "persona" | "step" | "model" | "agent") => {
  const { data } = await api(user.token).GET("/api/v1/subscription/usage/series", {
    params: { query: { by } },
  });
  return present(data);
};

it("An account sees what its own executions have used, as soon as they have ended", async () => {
  const [ada, bob] = [await createUser("series"), await createUser("series")];
  const { id: persona } = await makeInstance(ada);
  await execution(ada, persona);
  await execution(ada, persona);
  await execution(bob, persona);

  const byDay = await seriesOf(ada, "day");
  const used = { tokens_in: 12, tokens_out: 20, cost_micros: 28 };
  expect(byDay.total).toMatchObject({ count: 2, completed: 2, failed: 0, ...used });
  expect(byDay.series[0]?.points).toHaveLength(30);
  expect(byDay.series[0]?.points.at(-1)).toMatchObject(used);
  expect((await seriesOf(ada, "hour")).total).toEqual(byDay.total);
  expect((await seriesOf(ada, "step")).series.map(({ name, total }) => [name, total.count])).toEqual([
    ["one", 2],
    ["two", 2],
  ]);
  expect((await seriesOf(ada, "model")).series[0]).toMatchObject({
    name: "model of one",
    total: { count: 2, tokens_in: 6, duration_ms: 22 },
  });
  expect((await seriesOf(ada, "persona")).series).toMatchObject([
    { name: persona, label: "Mine", total: { count: 2 } },
  ]);
  expect((await seriesOf(await createUser("series"), "day")).total).toEqual(noFigures);
});

it("Administrators see their tenant's, and no other's", async () => {
  const [ada, admin] = [await createUser("series_of"), await createUser("series_of", { role: "admin" })];
  await execution(ada, (await makeInstance(ada)).id);
  const { GET } = api(admin.token);
  const { data } = await GET("/api/v1/admin/usage/series", { params: { query: { by: "step" } } });
  expect(data?.total).toMatchObject({ count: 2, tokens_in: 6 });
  const other = await GET("/api/v1/admin/usage/series", { params: { query: { client_id: "series" } } });
  expect(other.response.status).toBe(404);
  const own = await api(ada.token).GET("/api/v1/admin/usage/series");
  expect(own.response.status).toBe(403);
});

it("The operator sees what all tenants have used, personas by their templates, or one tenant", async () => {
  const operator = await createUser("operator", { role: "admin" });
  const [ada, bob] = [await createUser("series_one"), await createUser("series_two")];
  const template = await makeTemplate("series_one");
  const ended = Date.parse("2001-02-03T04:05:06Z");
  const used = {
    [kindOfAttempts({ step: "one", agentType: "copywriter", model: "haiku" })]: { ...noFigures, count: 3 },
  };
  for (const { actor } of [ada, bob])
    await projectRun({ actor }, "i", {
      created_at: ended - 1000,
      completed_at: ended,
      template_id: template.id,
      used,
    });
  const { GET } = api(operator.token);
  const seriesFor = async (query: { by: "persona" | "agent"; client_id?: string }) => {
    const period = { since: "2001-02-01", until: "2001-02-28" };
    const { data } = await GET("/api/v1/admin/usage/series", { params: { query: { ...query, ...period } } });
    return present(data);
  };
  expect((await seriesFor({ by: "persona" })).series).toMatchObject([
    { name: template.id, label: template.name, total: { count: 2, duration_ms: 2000 } },
  ]);
  expect((await seriesFor({ by: "agent" })).total.count).toBe(6);
  expect((await seriesFor({ by: "agent", client_id: "series_one" })).total.count).toBe(3);
});
