import { expect, it } from "vitest";
import { send } from "../support/api.ts";
import { bodyOf } from "../support/personas.ts";
import { operator } from "../unit/administration/accounts.ts";
import { deliverStep, fileOf, startedJob, stepOf } from "../unit/administration/user-import/imports.ts";

it("A message that is none goes to the dead letters", async () => {
  const { letters, acknowledged } = await deliverStep({ type: "nonsense" });
  expect(letters).toMatchObject([{ queue: "user-imports", body: { type: "nonsense" } }]);
  expect(acknowledged).toBe(1);
});

it("A message that was delivered too often is kept, and an administrator can send it again", async () => {
  const { job_id } = await startedJob("fault_buried", fileOf("fault-buried"));
  const { id } = await deliverStep(stepOf(job_id), {}, "user-imports-dlq");
  const { headers } = await operator();
  const answer = await send("POST", `/api/v1/admin/system/dead-letters/${id}/redrive`, {}, headers);
  expect(await bodyOf(answer, 202)).toMatchObject({ queue: "user-imports", body: stepOf(job_id) });
  const { id: broken } = await deliverStep({ type: "nonsense" }, {}, "user-imports-dlq");
  const refused = await send("POST", `/api/v1/admin/system/dead-letters/${broken}/redrive`, {}, headers);
  expect(await bodyOf(refused, 409)).toMatchObject({ error: "CONFLICT" });
});
