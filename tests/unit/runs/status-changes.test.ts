import { expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { eventsOf } from "../../support/events.ts";
import { tenantObjectOfRun } from "../../support/objects.ts";
import { bodyOf, copywriter, get, makeInstance, startRun } from "../../support/personas.ts";
import { oneTextStep, usage } from "../../support/plans.ts";
import { connect } from "../../support/sockets.ts";
import { completeTask } from "../../support/task-reports.ts";
import { createUser, createUserWithSession, type TestUser } from "../../support/users.ts";

const asking = {
  ...copywriter,
  config: {
    ...copywriter.config,
    workflow: {
      start_step: "ask",
      steps: {
        ask: { action: "pause_for_human_input", input: {}, next_step: "done" },
        done: { action: "complete_workflow", input: { text: "{{input.topic}}" } },
      },
    },
  },
};

const changesOf = async (clientId: string, run: string) =>
  (await eventsOf(clientId, "instance.status.changed"))
    .filter(({ data }) => data.correlation_id === run)
    .map(({ entity_id, data }) => ({ entity_id, ...data }));

const resume = (user: TestUser, run: string, approved: boolean) =>
  send("POST", `/api/v1/personas/runs/${run}/resume`, { approved }, user.headers);

it("Who watches a persona hears each status that one of its runs comes to, and who has brought it there", async () => {
  const user = await createUserWithSession("status_changes");
  const { userId } = user.actor;
  const { id } = await makeInstance(user, undefined, asking);
  const { subscribeTo, next } = await connect(user);
  await subscribeTo(["instance.status.*"], id);
  const run = await startRun(user, id);
  await bodyOf(await resume(user, run, true), 200);
  const change = (previous_status: string, new_status: string) => ({
    entity_id: id,
    instance_id: id,
    correlation_id: run,
    previous_status,
    new_status,
    triggered_by: userId,
    reason: null,
  });
  expect(await changesOf("status_changes", run)).toEqual([
    change("pending", "paused"),
    change("paused", "completed"),
  ]);
  const heard = await next(({ data }) => data?.new_status === "completed");
  expect(heard).toMatchObject({ event: "instance.status.changed", entity_id: id });
});

it("The reason says why a run has failed or was stopped, and by whom", async () => {
  const clientId = "status_reasons";
  const [user, admin] = [await createUser(clientId), await createUser(clientId, { role: "admin" })];
  const { id } = await makeInstance(user, undefined, asking);
  const [rejected, stopped, terminated] = [
    await startRun(user, id),
    await startRun(user, id),
    await startRun(user, id),
  ];
  await bodyOf(await resume(user, rejected, false), 200);
  const stop = { correlation_id: stopped, reason: "Enough" };
  await bodyOf(await send("POST", `/api/v1/personas/instances/${id}/stop`, stop, user.headers), 200);
  const terminate = { action: "terminate" };
  await bodyOf(
    await send("POST", `/api/v1/admin/workflows/runs/${terminated}/resume`, terminate, admin.headers),
    200,
  );
  const lastOf = async (run: string) => (await changesOf(clientId, run)).at(-1);
  expect(await lastOf(rejected)).toMatchObject({ new_status: "failed", reason: expect.any(String) });
  expect(await lastOf(stopped)).toMatchObject({
    previous_status: "paused",
    new_status: "cancelled",
    reason: "Enough",
    triggered_by: user.actor.userId,
  });
  expect(await lastOf(terminated)).toMatchObject({
    new_status: "failed",
    reason: "Manually terminated by admin",
    triggered_by: admin.actor.userId,
  });
});

it("Who watches a persona hears the lines of its log as they come, the same as the log has them", async () => {
  const clientId = "log_lines_heard";
  const user = await createUserWithSession(clientId);
  const { id } = await makeInstance(user, undefined, {
    ...copywriter,
    config: { ...copywriter.config, workflow: oneTextStep },
  });
  const { subscribeTo, next } = await connect(user);
  await subscribeTo(["instance.log"], id);
  const run = await startRun(user, id);
  const tenant = tenantObjectOfRun(clientId, run);
  const output = { text: "Tea" };
  await completeTask(tenant, `${run}.write.main`, 1, { output, usage });
  await next(({ data }) => data?.message === "Run completed");
  const page = await get(`/api/v1/personas/instances/${id}/logs`, user);
  const { logs } = await bodyOf<{ logs: { message: string }[] }>(page, 200);
  expect(logs.map(({ message }) => message)).toEqual(["Run completed", "Step write finished", "Run started"]);
  const heard = await eventsOf(clientId, "instance.log");
  expect(heard.map(({ entity_id, data }) => ({ entity_id, ...data }))).toEqual(
    logs.toReversed().map((line) => ({ entity_id: id, instance_id: id, ...line })),
  );
});
