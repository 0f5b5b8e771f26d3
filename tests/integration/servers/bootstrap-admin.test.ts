import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parse } from "smol-toml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { verifyPassword } from "#src/identity/passwords/password-hash.ts";

const root = resolve(import.meta.dirname, "../../..");
const state = mkdtempSync(join(tmpdir(), "bootstrap-state-"));
/** The documented command, with a password on its standard input. */
const bootstrap = (password: string, ...parameters: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    "npm",
    ["run", "-s", "bootstrap-admin", "--", "--state", state, ...parameters],
    { cwd: root, encoding: "utf8", input: `${password}\n` },
  );
  return { status, said: stdout + stderr };
};

const accountSchema = z.object({
  email: z.string(),
  password_hash: z.string(),
  role: z.string(),
  client_id: z.string(),
  subscription_tier: z.string(),
  registration: z.string(),
  profiles: z.number(),
  status: z.string(),
});
type Account = z.infer<typeof accountSchema>;

/** What is in the database, read from its file. */
const accounts = (): Account[] => {
  const folder = join(state, "v3/d1/miniflare-D1DatabaseObject");
  const [file = ""] = readdirSync(folder).filter((name) => /^[0-9a-f]+\.sqlite$/.test(name));
  const database = new DatabaseSync(join(folder, file), { readOnly: true });
  const query = `SELECT users.*, clients.settings AS registration, subscriptions.status,
      (SELECT count(*) FROM user_profiles WHERE user_id = users.id) AS profiles
    FROM users JOIN clients ON clients.id = client_id JOIN subscriptions ON user_id = users.id`;
  const rows = database.prepare(query).all();
  database.close();
  return accountSchema.array().parse(rows);
};

beforeAll(() => {
  execFileSync(
    join(root, "node_modules/.bin/wrangler"),
    ["d1", "migrations", "apply", "DB", "--local", "--persist-to", state],
    { cwd: root, stdio: "ignore" },
  );
});
afterAll(() => rmSync(state, { recursive: true }));

describe("npm run bootstrap-admin", () => {
  it("refuses a weak password, a broken address and an unclear target, and makes nobody", () => {
    expect(bootstrap("password", "--email", "first@platform.example").said).toContain("A digit");
    expect(bootstrap("Correct-Horse-9", "--email", "nobody").status).toBe(1);
    expect(bootstrap("Correct-Horse-9", "--email", "a@b.example", "--remote").said).toContain("--state DIR");
    expect(accounts()).toEqual([]);
  });

  it("makes the first administrator, with a tenant that is closed, and tells no secret", async () => {
    const { status, said } = bootstrap("Correct-Horse-9", "--email", "First@Platform.Example");
    expect(said).toContain("first@platform.example is the first administrator, in the tenant main.");
    expect(status).toBe(0);
    expect(said).not.toMatch(/Correct-Horse-9|scrypt/);
    const made = accounts();
    expect(made).toMatchObject([
      {
        email: "first@platform.example",
        role: "admin",
        client_id: "main",
        subscription_tier: "enterprise",
        registration: '{"registration":"closed"}',
        profiles: 1,
        status: "active",
      },
    ]);
    expect(await verifyPassword("Correct-Horse-9", made[0]?.password_hash ?? "")).toEqual({
      valid: true,
      outdated: false,
    });
  });

  it("makes no second one, and says so", () => {
    const { status, said } = bootstrap(
      "Correct-Horse-9",
      "--email",
      "second@platform.example",
      "--client",
      "other",
    );
    expect(said).toContain("There is an administrator already; nothing was changed.");
    expect(status).toBe(1);
    expect(accounts().map(({ email }) => email)).toEqual(["first@platform.example"]);
  });

  it("makes the tenant that deployed gateways take for the operator's", () => {
    const { vars } = z
      .object({ vars: z.object({ OPERATOR_CLIENT_ID: z.string() }) })
      .parse(parse(readFileSync(join(root, "wrangler.toml"), "utf8")));
    expect(accounts().map(({ client_id }) => client_id)).toEqual([vars.OPERATOR_CLIENT_ID]);
  });

  it("is in the documents", () => {
    for (const path of ["docs/deployment.md", "README.md"]) {
      expect(readFileSync(join(root, path), "utf8"), path).toContain("npm run bootstrap-admin");
    }
  });
});
