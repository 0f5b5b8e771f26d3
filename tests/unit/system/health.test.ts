import { applyD1Migrations, createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import gateway from "#workers/gateway/index.ts";
import { call } from "../../support/api.ts";
import { emptied } from "../../support/other-database.ts";

describe("GET /health", () => {
  it("answers 200 when the database answers", async () => {
    const response = await call("/health");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: "healthy",
      service: "persona-gateway",
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      services: { auth: "healthy", chat: "healthy", admin: "healthy", personalization: "healthy" },
    });
  });
});

describe("GET /health on a database of another version", () => {
  const health = async () => {
    const request = new Request("http://platform.test/health");
    const answer = await gateway.fetch(request, { ...env, DB: env.OTHER_DB }, createExecutionContext());
    const { message } = await answer.json<{ message?: string }>();
    return { status: answer.status, message };
  };

  beforeEach(() => emptied(env.OTHER_DB));

  // First: an isolate that has found every column once does not look again.
  it("is not healthy when the files were rewritten under the same names", async () => {
    await applyD1Migrations(env.OTHER_DB, env.TEST_MIGRATIONS);
    await env.OTHER_DB.exec("ALTER TABLE usage DROP COLUMN duration_ms");
    expect(await health()).toEqual({
      status: 503,
      message: expect.stringContaining("from before the first release"),
    });
  });

  it("is not healthy without any migration, or without the last one, and says what to do", async () => {
    const last = env.TEST_MIGRATIONS.at(-1)?.name;
    expect(await health()).toMatchObject({
      status: 503,
      message: expect.stringContaining("0000_schema.sql, 0001_reference_data.sql"),
    });
    await applyD1Migrations(env.OTHER_DB, env.TEST_MIGRATIONS.slice(0, -1));
    expect(await health()).toEqual({
      status: 503,
      message: expect.stringContaining(`it lacks ${last}. Apply them: npx wrangler d1 migrations apply DB`),
    });
    await applyD1Migrations(env.OTHER_DB, env.TEST_MIGRATIONS);
    expect((await health()).status).toBe(200);
  });

  it("is healthy on a database that a newer version has carried on, so that a gateway can be rolled back", async () => {
    await applyD1Migrations(env.OTHER_DB, env.TEST_MIGRATIONS);
    await env.OTHER_DB.exec("INSERT INTO d1_migrations (name) VALUES ('9999_later.sql')");
    expect((await health()).status).toBe(200);
  });
});
