import { describe, expect, it } from "vitest";
import { api, call } from "../../support/api.ts";
import { createUser } from "../../support/users.ts";

const header = "X-Database-Bookmark";

const projects = (token: string, bookmark?: string) =>
  call("/api/v1/projects", {
    headers: { authorization: `Bearer ${token}`, ...(bookmark === undefined ? {} : { [header]: bookmark }) },
  });

describe("X-Database-Bookmark", () => {
  it("comes back with how far the database has been seen, and what follows sees it at least so far", async () => {
    const { token } = await createUser("bookmarks");
    const first = (await projects(token, "first-primary")).headers.get(header) ?? "";
    await api(token).POST("/api/v1/projects", { body: { name: "Mine" } });
    const then = await projects(token, first);
    expect((await then.json<{ projects: unknown[] }>()).projects).toHaveLength(1);
    expect(then.headers.get(header)).toMatch(/^[0-9a-f-]+$/);
  });

  it("is of a write as well", async () => {
    const { token } = await createUser("bookmarked_write");
    const answer = await call("/api/v1/projects", {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        [header]: "first-unconstrained",
      },
      body: JSON.stringify({ name: "Mine" }),
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get(header)).toMatch(/^[0-9a-f-]+$/);
  });

  it("is not sent to who does not ask for it", async () => {
    const { token } = await createUser("unmarked");
    expect((await projects(token)).headers.has(header)).toBe(false);
  });

  it.each(["", "yesterday", "first", "'; DROP TABLE users"])("is refused as %j", async (bookmark) => {
    const { token } = await createUser("mismarked");
    const answer = await projects(token, bookmark);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: "VALIDATION_ERROR" });
  });
});
