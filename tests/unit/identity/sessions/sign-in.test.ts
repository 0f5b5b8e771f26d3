import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hashPassword } from "#src/identity/passwords/password-hash.ts";
import { account, logIn, password } from "#tests/support/accounts.ts";
import { statuses, wrong } from "../sign-ins.ts";

const setHash = (userId: string, hash: string) =>
  env.DB.prepare("UPDATE users SET password_hash = ? WHERE id = ?").bind(hash, userId).run();

describe("The answer to a failed sign-in", () => {
  it("is the same for a wrong password, an unknown, a switched-off and a deleted account", async () => {
    const [living, off, gone] = [
      await account("answer_same"),
      await account("answer_same"),
      await account("answer_same"),
    ];
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(off.id).run();
    await env.DB.prepare("UPDATE users SET deleted_at = 1 WHERE id = ?").bind(gone.id).run();
    const answers = [
      await logIn(living.email, wrong),
      await logIn("nobody@answer-same.example"),
      await logIn(off.email),
      await logIn(gone.email),
    ];
    const bodies = await Promise.all(answers.map((answer) => answer.json<Record<string, unknown>>()));
    for (const [index, { request_id: _, ...body }] of bodies.entries()) {
      expect(answers[index]?.status).toBe(401);
      expect(body).toEqual({
        error: "INVALID_CREDENTIALS",
        code: "AUTH001",
        message: "E-mail or password is wrong",
      });
    }
  });

  it("costs as much for an unknown account as for a wrong password", async () => {
    const owner = await account("answer_cost");
    await setHash(owner.id, await hashPassword(password));
    const costs: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    for (let round = 0; round < 3; round++) {
      for (const [kind, email] of [
        ["known", owner.email],
        ["unknown", "nobody@answer-cost.example"],
      ] as const) {
        const start = performance.now();
        await logIn(email, wrong);
        costs[kind].push(performance.now() - start);
      }
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[1] ?? 0;
    const ratio = median(costs.unknown) / median(costs.known);
    // Without the hashing it would be a few hundredths.
    expect(ratio).toBeGreaterThan(0.2);
    expect(ratio).toBeLessThan(5);
  });
});

describe("A hash with parameters of former times", () => {
  const hashOf = (id: string) =>
    env.DB.prepare("SELECT password_hash FROM users WHERE id = ?").bind(id).first<string>("password_hash");
  const today = /^\$scrypt\$ln=15,r=8,p=3\$/;

  it("is renewed when its owner signs in, and goes on to fit", async () => {
    const owner = await account("hash_renewed");
    expect(await hashOf(owner.id)).toMatch(/^\$scrypt\$ln=4,/);
    expect((await logIn(owner.email)).status).toBe(200);
    expect(await hashOf(owner.id)).toMatch(today);
    expect((await logIn(owner.email)).status).toBe(200);
    expect((await logIn(owner.email, wrong)).status).toBe(401);
  });

  it("is not touched by a wrong password", async () => {
    const owner = await account("hash_untouched");
    await logIn(owner.email, wrong);
    expect(await hashOf(owner.id)).toMatch(/^\$scrypt\$ln=4,/);
  });

  it("lets in each of several sign-ins at once", async () => {
    const owner = await account("hash_at_once");
    const answers = await Promise.all([1, 2, 3].map(() => logIn(owner.email)));
    expect(statuses(answers)).toEqual([200, 200, 200]);
    expect(await hashOf(owner.id)).toMatch(today);
  });
});
