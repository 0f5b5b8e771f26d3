import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/d1";
import { describe, expect, it } from "vitest";
import { exportPageRows, exportUsers } from "#src/administration/user-export/export-users.ts";
import { streamOf } from "#src/http/stream-of.ts";
import { perform } from "#src/operation/perform.ts";
import { present } from "#tests/support/personas.ts";
import { testPlatform } from "#tests/support/platform-in-process.ts";
import { createClient } from "#tests/support/users.ts";
import { operator } from "../accounts.ts";
import { exported, set } from "./exports.ts";

/** Accounts of a tenant, each a second older than the one before, by one statement. */
async function crowd(clientId: string, count: number): Promise<void> {
  await createClient(clientId);
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
     INSERT INTO users (id, email, password_hash, client_id, created_at, updated_at)
     SELECT printf('%s-%06d', ?1, i), printf('%s-%d@crowd.example', ?1, i), 'none', ?1, 2000000000000 - i * 1000, 0 FROM n`,
  )
    .bind(clientId, count)
    .run();
}

describe("Fifty thousand accounts", () => {
  const many = 50_000;
  const client_id = "export_many";
  const request = { filters: { client_id }, fields: ["id", "email", "created_at"] };

  it("come whole, once each, and are read while they are sent", async () => {
    await crowd(client_id, many);
    const answer = await exported({ format: "csv", ...request });
    const reader = present(answer.body).pipeThrough(new TextDecoderStream()).getReader();
    const first = present((await reader.read()).value);
    expect(first).toContain("id,email,created_at");
    // What the last page holds is changed only now: so it cannot have been read before.
    const oldest = `${client_id}-${String(many).padStart(6, "0")}`;
    await set(oldest, "email = 'renamed@crowd.example'");
    let lines = first.split("\n").length - 1;
    let end = "";
    const seen = new Set<string>();
    let open = first;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      lines += next.value.split("\n").length - 1;
      end = (end + next.value).slice(-200);
      open += next.value;
      const whole = open.lastIndexOf("\n");
      for (const line of open.slice(0, whole).split("\r\n")) seen.add(line.split(",")[0] ?? "");
      open = open.slice(whole + 1);
    }
    expect(lines).toBe(many + 1);
    expect(seen.size).toBe(many + 1);
    expect(end).toContain(`${oldest},renamed@crowd.example,`);
  });

  /** An export over the real database, and the queries that it has made so far. */
  async function watched() {
    const queries: unknown[][] = [];
    const db = drizzle(env.DB, {
      logger: { logQuery: (query, parameters) => query.startsWith("select") && queries.push(parameters) },
    });
    const { actor } = await operator();
    const body = { format: "json", ...request };
    const { output } = await perform(exportUsers, testPlatform({ db }), actor, { body });
    return { queries, pieces: output.pieces };
  }

  it("are never held at once: a bounded page at a time, none read ahead", async () => {
    const { queries, pieces } = await watched();
    await pieces.next();
    expect(queries).toHaveLength(0);
    const sizes: number[] = [];
    for (let page = 1; page <= 3; page++) {
      const piece = await pieces.next();
      sizes.push(piece.done ? 0 : piece.value.byteLength);
      expect(queries).toHaveLength(page);
    }
    for (const parameters of queries) expect(parameters.at(-1)).toBe(exportPageRows);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThan(256 * exportPageRows);
    for await (const _ of pieces);
    // The last page is empty, and below the thousand queries of one request.
    expect(queries).toHaveLength(many / exportPageRows + 1);
  });

  it("are read no further when whoever asked goes away", async () => {
    const { queries, pieces } = await watched();
    const reader = streamOf(pieces, () => {}).getReader();
    await reader.read();
    await reader.read();
    await reader.cancel();
    expect(queries).toHaveLength(1);
    expect(await pieces.next()).toEqual({ done: true, value: undefined });
    expect(queries).toHaveLength(1);
  });
});

it("A body that fails on the way breaks off and is told of", async () => {
  const errors: unknown[] = [];
  const failing = (async function* () {
    yield new Uint8Array(1);
    throw new Error("database gone");
  })();
  const reader = streamOf(failing, (error) => errors.push(error)).getReader();
  await reader.read();
  await expect(reader.read()).rejects.toThrow("database gone");
  expect(errors).toHaveLength(1);
});
