import { v7 as uuidv7 } from "uuid";
import { expect, inject, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { makeInstance } from "#scripts/demo/parts.ts";
import { eventually, signedIn } from "../support/outside.ts";

const baseUrl = inject("baseUrl");

it("More than a hundred conversations are gathered over the real queue, and their file is fetched from where the export says", async () => {
  const { token, api } = await signedIn(baseUrl, "admin");
  const instance_id = await makeInstance(api, "Copywriter");
  const { conversation } = dataOf(
    await api.POST("/api/v1/conversations", { body: { instance_id, title: "Tea" } }),
  );
  const conversation_ids = [conversation.id, ...Array.from({ length: 149 }, () => uuidv7())];
  const { data, response } = await api.POST("/api/v1/admin/conversations/export", {
    body: { conversation_ids, format: "markdown", branch: "active" },
  });
  expect(response.status).toBe(202);
  expect(data).toMatchObject({ status: "running", conversations: 150 });
  const where = response.headers.get("location") ?? "";
  const authorization = `Bearer ${token}`;
  const path = { export_id: where.split("/").at(-1) ?? "" };
  const { url } = await eventually(async () => {
    const job = dataOf(await api.GET("/api/v1/admin/exports/{export_id}", { params: { path } }));
    return job.status === "completed" ? job : undefined;
  });
  const file = await fetch(`${baseUrl}${url}`, { headers: { authorization } });
  expect(file.headers.get("content-disposition")).toBe('attachment; filename="conversations.md"');
  expect(await file.text()).toContain("# Tea");
});
