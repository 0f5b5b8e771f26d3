import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { hashPassword } from "../src/identity/password-hash.ts";
import { clientIdSchema, emailSchema, newPasswordSchema } from "../src/identity/schemas.ts";

const help = `Makes the first administrator, in a database that has none.

  npm run bootstrap-admin -- --email you@example.com [--client main] (--remote | --state DIR)

The password is read from standard input and stored as a hash only. --remote uses the deployed
database of wrangler.toml; --state DIR a local one made by npm start.`;

const { values } = parseArgs({
  options: {
    email: { type: "string" },
    client: { type: "string", default: "main" },
    remote: { type: "boolean", default: false },
    state: { type: "string" },
  },
});

/** A text as an SQL literal. */
const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

if (!values.email || values.remote === (values.state !== undefined)) {
  console.error(help);
  process.exit(1);
}
const email = emailSchema.parse(values.email);
const client = clientIdSchema.parse(values.client);
if (process.stdin.isTTY) console.log("Password, then Enter and Ctrl-D:");
const password = newPasswordSchema.parse((await text(process.stdin)).trim());
const [userId, subscriptionId, now] = [uuidv7(), uuidv7(), Date.now()];
const hash = await hashPassword(password);

// Each statement does nothing when there is an administrator already: the command makes the first one only.
const none = "NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND deleted_at IS NULL)";
const made = `EXISTS (SELECT 1 FROM users WHERE id = ${quoted(userId)})`;
const statements = [
  `INSERT OR IGNORE INTO clients (id, display_name, settings, is_active, created_at, updated_at)
   SELECT ${quoted(client)}, ${quoted(client)}, '{"registration":"closed"}', 1, ${now}, ${now} WHERE ${none};`,
  `INSERT INTO users (id, email, password_hash, role, client_id, subscription_tier, is_active, email_verified, created_at, updated_at)
   SELECT ${quoted(userId)}, ${quoted(email)}, ${quoted(hash)}, 'admin', ${quoted(client)}, 'enterprise', 1, 1, ${now}, ${now} WHERE ${none};`,
  `INSERT INTO user_profiles (user_id, preferences, updated_at) SELECT ${quoted(userId)}, '{}', ${now} WHERE ${made};`,
  `INSERT INTO subscriptions (id, user_id, tier, status, start_date, created_at, updated_at)
   SELECT ${quoted(subscriptionId)}, ${quoted(userId)}, 'enterprise', 'active', ${now}, ${now}, ${now} WHERE ${made};`,
  `SELECT email AS administrator FROM users WHERE role = 'admin' AND deleted_at IS NULL;`,
];

const folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
try {
  const file = join(folder, "bootstrap.sql");
  writeFileSync(file, statements.join("\n"), { mode: 0o600 });
  const where = values.remote ? ["--remote"] : ["--local", "--persist-to", values.state ?? ""];
  const { status } = spawnSync(
    "node_modules/.bin/wrangler",
    ["d1", "execute", "DB", ...where, "--yes", "--file", file],
    {
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
