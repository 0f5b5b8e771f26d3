import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { ImportJobReport } from "#src/administration/user-import/schemas.ts";
import { call, send } from "#tests/support/api.ts";
import { eventsOf } from "#tests/support/events.ts";
import { bodyOf, present } from "#tests/support/personas.ts";
import { createClient, createUser } from "#tests/support/users.ts";
import { auditOf, operator, password, path, signIn } from "../accounts.ts";
import { allOf, counted, drive, fileOf, lettersTo, reportOf, startedJob, upload } from "./imports.ts";

type Result = Pick<
  ImportJobReport,
  "total_processed" | "successful" | "failed" | "errors" | "created_user_ids"
>;

const imported = async (file: string, clientId: string): Promise<Result> => {
  await createClient(clientId);
  return bodyOf<Result>(await upload(file, clientId), 200);
};

const rowOf = (userId: string | undefined) =>
  env.DB.prepare(
    `SELECT email, role, client_id, users.subscription_tier AS tier, is_active, email_verified, first_name,
       last_name, company, subscriptions.tier AS subscribed, status
     FROM users JOIN user_profiles ON user_profiles.user_id = users.id
       JOIN subscriptions ON subscriptions.user_id = users.id WHERE users.id = ?`,
  )
    .bind(userId ?? "")
    .first();

describe("A small file", () => {
  it("is answered with the result, and its accounts are whole", async () => {
    await createClient("import_small");
    const admin = await operator();
    const file = `email,password,first_name,last_name,company\r\nAda@small.example,${password},Ada,"O'Neil, B.",X\r\nnobody,,,,\r\n`;
    const result = await bodyOf<Result>(await upload(file, "import_small", admin), 200);
    expect(result).toEqual({
      total_processed: 2,
      successful: 1,
      failed: 1,
      errors: ["Row 3: email: Invalid email address"],
      created_user_ids: [expect.any(String)],
    });
    const [id] = result.created_user_ids;
    expect(await rowOf(id)).toEqual({
      email: "ada@small.example",
      role: "user",
      client_id: "import_small",
      tier: "free",
      is_active: 1,
      email_verified: 0,
      first_name: "Ada",
      last_name: "O'Neil, B.",
      company: "X",
      subscribed: "free",
      status: "active",
    });
    expect(await signIn("ada@small.example")).toBe(200);
    expect(await auditOf(id ?? "")).toMatchObject([
      { action: "user.imported", actor: admin.actor.userId, details: { row: 2 } },
    ]);
    await expect
      .poll(() => eventsOf("import_small", "user.created"))
      .toMatchObject([{ entity_id: id, data: { email: "ada@small.example" } }]);
  });

  it("is remembered as a whole, too", async () => {
    await createClient("import_audit");
    const admin = await operator();
    await bodyOf(await upload(fileOf("import-audit", 2), "import_audit", admin), 200);
    const row = await env.DB.prepare(
      "SELECT target_id, details FROM audit_log WHERE action = 'users.import' AND actor_id = ?",
    )
      .bind(admin.actor.userId)
      .first<{ target_id: string; details: string }>();
    expect(row?.target_id).toBe("import_audit");
    expect(JSON.parse(row?.details ?? "")).toMatchObject({ rows: 2 });
  });

  it("without passwords makes accounts that nobody can sign in to until the owner chose one by mail", async () => {
    const result = await imported("email\nowner@nopassword.example", "import_mail");
    expect(result.successful).toBe(1);
    for (const guess of ["none", "", password]) {
      expect([400, 401]).toContain(await signIn("owner@nopassword.example", guess));
    }
    const job = await env.DB.prepare("SELECT id FROM import_jobs WHERE client_id = 'import_mail'").first<{
      id: string;
    }>();
    // The gateway has asked for this step; here no queue brings it.
    expect(await drive(present(job).id)).toMatchObject({ status: "completed", errors: [] });
    const letters = await lettersTo("owner@nopassword.example");
    expect(letters).toHaveLength(1);
    const [token] = /[0-9a-f]{64}/.exec(letters[0]?.text ?? "") ?? [];
    const reset = await send("POST", "/api/v1/auth/password/reset", { token, new_password: password });
    expect(reset.status).toBe(200);
    expect(await signIn("owner@nopassword.example")).toBe(200);
  });

  it("refuses addresses that exist anywhere, in whatever letters, but not those of deleted accounts", async () => {
    const [taken, free] = [await createUser("import_elsewhere"), await createUser("import_elsewhere")];
    await env.DB.prepare("UPDATE users SET deleted_at = 1 WHERE id = ?").bind(free.actor.userId).run();
    const file = `email\n${taken.actor.email.toUpperCase()}\n${free.actor.email}\nNew@taken.example\nnew@taken.example`;
    expect(await imported(file, "import_taken")).toMatchObject({
      total_processed: 4,
      successful: 2,
      errors: ["Row 2: A user with this e-mail exists", "Row 5: The same e-mail as in row 4"],
    });
  });

  it("sent again makes nothing twice", async () => {
    const file = fileOf("import-again", 3);
    expect(await imported(file, "import_again")).toMatchObject({ successful: 3 });
    expect(await imported(file, "import_again")).toMatchObject({ successful: 0, failed: 3 });
    expect(await counted("import_again")).toEqual(allOf(3));
  });

  it("may have no good row at all", async () => {
    expect(await imported("email,company\na,b\nc@d.example", "import_bad")).toMatchObject({
      total_processed: 2,
      successful: 0,
      failed: 2,
      errors: ["Row 2: email: Invalid email address", "Row 3: 1 columns instead of 2"],
      created_user_ids: [],
    });
  });

  it("leaves nothing of itself behind", async () => {
    await imported(`email,password\na@leftover.example,${password}`, "import_leftover");
    expect((await env.BLOBS.list({ prefix: "imports/" })).objects).toEqual([]);
  });
});

describe("A larger file", () => {
  it("is answered with a job, whose state is shown until it has the result", async () => {
    await createClient("import_large");
    const answer = await upload(`${fileOf("import-large")}\nnobody`, "import_large");
    const location = present(answer.headers.get("location"));
    const job = await bodyOf<ImportJobReport>(answer, 202);
    expect(location).toBe(`${path}/import/${job.job_id}`);
    expect(job).toMatchObject({ status: "running", client_id: "import_large", total_rows: 102 });
    expect(job).toMatchObject({ total_processed: 0, created_user_ids: [], completed_at: null });
    const done = await drive(job.job_id);
    expect(done).toMatchObject({
      status: "completed",
      total_processed: 102,
      successful: 101,
      failed: 1,
      errors: ["Row 103: email: Invalid email address"],
      completed_at: expect.any(String),
    });
    expect(new Set(done.created_user_ids).size).toBe(101);
    expect(await counted("import_large")).toEqual(allOf(101));
    await expect.poll(() => eventsOf("import_large", "user.created")).toHaveLength(101);
    expect(await lettersTo("100@import-large.example")).toHaveLength(1);
    expect((await env.BLOBS.list({ prefix: `imports/${job.job_id}/` })).objects).toEqual([]);
  });

  it("lies in R2 sealed until its job ends, whose key is then forgotten", async () => {
    const file = `${fileOf("import-sealed").replaceAll(/$/gm, ",")}\nada@sealed.example,${password}`;
    const job = await startedJob("import_sealed", file.replace("email,", "email,password"));
    const keyOf = () =>
      env.DB.prepare("SELECT rows_key FROM import_jobs WHERE id = ?").bind(job.job_id).first("rows_key");
    const { objects } = await env.BLOBS.list({ prefix: `imports/${job.job_id}/` });
    expect(objects).toHaveLength(1);
    const stored = present(await env.BLOBS.get(objects[0]?.key ?? ""));
    // Each byte a character, so that nothing in clear escapes the search.
    const text = Buffer.from(await stored.arrayBuffer()).toString("latin1");
    expect(text.length).toBeGreaterThan(file.length);
    for (const clear of [password, "sealed.example", "password"]) expect(text).not.toContain(clear);
    expect(await keyOf()).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(await drive(job.job_id, 2)).toMatchObject({ status: "completed", successful: 102, failed: 0 });
    expect(await counted("import_sealed")).toEqual(allOf(102));
    expect(await signIn("ada@sealed.example")).toBe(200);
    expect(await keyOf()).toBeNull();
  });

  it("is one with more passwords than one request may hash, however few its rows", async () => {
    const lines = Array.from({ length: 11 }, (_, index) => `${index}@hashes.example,${password}`);
    const job = await startedJob("import_hashes", ["email,password", ...lines].join("\n"));
    expect(job).toMatchObject({ status: "running", total_rows: 11, total_processed: 0 });
  });
});

describe("Who may, and with what", () => {
  it.each(["user", "moderator"] as const)("no %s imports or looks", async (role) => {
    const someone = await operator(role);
    await createClient("import_roles");
    expect((await upload("email\na@roles.example", "import_roles", someone)).status).toBe(403);
    const { job_id } = await startedJob("import_roles", fileOf(`import-roles-${role}`));
    expect((await call(`${path}/import/${job_id}`, { headers: someone.headers })).status).toBe(403);
  });

  it("nobody who may not, however large the file: it is not even read", async () => {
    await createClient("import_roles");
    const file = new Uint8Array(11 * 1024 * 1024);
    expect((await upload(file, "import_roles", await operator("moderator"))).status).toBe(403);
  });

  it("nobody without a token", async () => {
    expect((await call(`${path}/import`, { method: "POST", body: new FormData() })).status).toBe(401);
  });

  it("knows no unknown and no inactive tenant", async () => {
    await createClient("import_off");
    await env.DB.prepare("UPDATE clients SET is_active = 0 WHERE id = 'import_off'").run();
    for (const client of ["import_nowhere", "import_off"]) {
      const answer = await upload("email\na@b.example", client);
      expect(await bodyOf(answer, 404)).toMatchObject({ error: "NOT_FOUND" });
    }
  });

  it("knows no unknown import", async () => {
    const { headers } = await operator();
    const unknown = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";
    expect((await call(`${path}/import/${unknown}`, { headers })).status).toBe(404);
    expect((await call(`${path}/import/x`, { headers })).status).toBe(404);
  });

  it.each([
    ["without the column email", "name\nx"],
    ["without a row", "email\n"],
    ["that is no CSV", 'email\n"a@b.example'],
    ["in another encoding", new Uint8Array([0xff, 0xfe, 0x65, 0x00])],
  ])("refuses a file %s", async (_, file) => {
    await createClient("import_refused");
    expect(await bodyOf(await upload(file, "import_refused"), 400)).toMatchObject({ error: "BAD_REQUEST" });
    expect(await counted("import_refused")).toEqual(allOf(0));
  });

  it("refuses a file of more than 10 MB", async () => {
    const answer = await upload(new Uint8Array(10 * 1024 * 1024 + 1), "import_refused");
    expect(await bodyOf(answer, 413)).toMatchObject({
      error: "PAYLOAD_TOO_LARGE",
      details: { max_bytes: 10 * 1024 * 1024 },
    });
    const far = await upload(new Uint8Array(11 * 1024 * 1024), "import_refused");
    expect(await bodyOf(far, 413)).toMatchObject({ error: "PAYLOAD_TOO_LARGE" });
  });

  it.each([
    ["without a file", { client_id: "import_refused" }],
    ["with text for a file", { client_id: "import_refused", file: "email" }],
    ["without a tenant", { file: new File(["email\na@b.example"], "a.csv") }],
    ["with a tenant of another form", { client_id: "a b", file: new File(["email"], "a.csv") }],
  ])("refuses a form %s", async (_, fields) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const { headers } = await operator();
    const answer = await call(`${path}/import`, { method: "POST", headers, body: form });
    expect(await bodyOf(answer, 400)).toMatchObject({ error: "VALIDATION_ERROR" });
  });

  it("refuses what is no form", async () => {
    const { headers } = await operator();
    const answer = await send("POST", `${path}/import`, { client_id: "import_refused" }, headers);
    expect(answer.status).toBe(415);
  });

  it("takes a 10 MB file of accounts on as a job", async () => {
    await createClient("import_ten");
    const name = "x".repeat(90);
    const lines = Array.from({ length: 50_000 }, (_, index) => `${index}@ten.example,${name},${name}`);
    const file = ["email,first_name,last_name", ...lines].join("\n");
    expect(file.length).toBeGreaterThan(9.5 * 1024 * 1024);
    const job = await bodyOf<ImportJobReport>(await upload(file, "import_ten"), 202);
    expect(await reportOf(job.job_id)).toMatchObject({ status: "running", total_rows: 50_000 });
  });
});
