import { expect, inject, it } from "vitest";
import { apiClient, dataOf } from "#client/index.ts";
import { makeInstance } from "#scripts/demo/parts.ts";
import { demo } from "#scripts/local/options.ts";
import { eventually, signedIn } from "../support/outside.ts";

const baseUrl = inject("baseUrl");

it("Whoever deletes their account stops what they execute, and the tenant keeps the run", async () => {
  const account = { email: "leaving@demo.test", password: "Correct-Horse-9" };
  const { access_token: token } = dataOf(
    await apiClient({ baseUrl }).POST("/api/v1/auth/register", {
      body: { ...account, client_id: demo.clientId },
    }),
  );
  const api = apiClient({ baseUrl, token });
  const instance_id = await makeInstance(api, "Illustrated article");
  const run = dataOf(
    await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
      params: { path: { instance_id }, query: { wait: 25 } },
      body: { input: { topic: "farewell" } },
    }),
  );
  expect(run.status).toBe("paused");

  const body = { password: account.password, confirmation: "DELETE MY ACCOUNT" as const };
  const { response } = await api.DELETE("/api/v1/user/delete", { body });
  expect(response.status).toBe(200);
  expect((await api.GET("/api/v1/user/profile")).response.status).toBe(401);
  const again = await apiClient({ baseUrl }).POST("/api/v1/auth/login", { body: account });
  expect(again.response.status).toBe(401);

  const admin = (await signedIn(baseUrl, "admin")).api;
  const listed = await eventually(async () => {
    const query = { status: "cancelled" as const, client_id: demo.clientId };
    const { data } = await admin.GET("/api/v1/admin/workflows/runs", { params: { query } });
    return data?.runs.find(({ correlation_id }) => correlation_id === run.correlation_id);
  });
  expect(listed.status).toBe("cancelled");
});
