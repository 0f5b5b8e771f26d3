import { expect, inject, it } from "vitest";
import { z } from "zod";
import type { components } from "#client/index.ts";
import { dataOf } from "#client/index.ts";
import { eventually, signedIn } from "../support/outside.ts";

const baseUrl = inject("baseUrl");
const users = `${baseUrl}/api/v1/admin/users`;
const many = 10_000;

type Job = components["schemas"]["UserImportJob"];

const jobSchema = z.looseObject({ job_id: z.string(), status: z.string(), total_processed: z.number() });

it("Ten thousand accounts are imported over the real queue, with progress, once each, and come out again", async () => {
  const { token, api } = await signedIn(baseUrl, "admin");
  const authorization = `Bearer ${token}`;
  const client_id = "import_many";
  dataOf(
    await api.POST("/api/v1/admin/clients", { body: { client_id, display_name: "Many", settings: {} } }),
  );
  const lines = Array.from({ length: many }, (_, index) => `${index}@many.example,First ${index},`);
  lines[41] = "nobody,,";
  lines[42] = "chosen@many.example,Has a password,Correct-Horse-9";
  const form = new FormData();
  form.set("file", new File([`email,first_name,password\n${lines.join("\n")}\n`], "many.csv"));
  form.set("client_id", client_id);
  const answer = await fetch(`${users}/import`, { method: "POST", headers: { authorization }, body: form });
  expect(answer.status).toBe(202);
  const { job_id } = jobSchema.parse(await answer.json());
  expect(answer.headers.get("location")).toBe(`/api/v1/admin/users/import/${job_id}`);

  const progress: number[] = [];
  const done = await eventually(
    async (): Promise<Job | undefined> => {
      const { data } = await api.GET("/api/v1/admin/users/import/{job_id}", { params: { path: { job_id } } });
      progress.push(data?.total_processed ?? 0);
      return data?.status === "completed" ? data : undefined;
      // Seldom, because a report of ten thousand ids is no small answer.
    },
    45_000,
    250,
  );
  expect(done).toMatchObject({
    total_rows: many,
    total_processed: many,
    successful: many - 1,
    failed: 1,
    errors: ["Row 43: email: Invalid email address"],
  });
  expect(new Set(done.created_user_ids).size).toBe(many - 1);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(progress.some((rows) => rows > 0 && rows < many)).toBe(true);

  const signIn = await api.POST("/api/v1/auth/login", {
    body: { email: "chosen@many.example", password: "Correct-Horse-9" },
  });
  expect(signIn.response.status).toBe(200);

  const file = await fetch(`${users}/export`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ format: "csv", filters: { client_id }, fields: ["email"] }),
  });
  const addresses = (await file.text()).split("\r\n").filter((line) => line.endsWith("@many.example"));
  expect(addresses).toHaveLength(many - 1);
  expect(new Set(addresses).size).toBe(many - 1);
});
