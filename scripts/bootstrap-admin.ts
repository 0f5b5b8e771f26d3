import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { clientIdSchema, emailSchema, hashPassword, newPasswordSchema } from "#src/identity/index.ts";

const help = `Makes the first administrator, in a database that has none.

  npm run bootstrap-admin -- --email you@example.com [--client main] (--remote | --state DIR)

The tenant is made if it does not exist, closed for registration.
The password is read from standard input and stored as a hash only. --remote uses the deployed
database of wrangler.toml; --state DIR a local one made by npm start.`;

const { values } = readArguments({
  options: {
    help: { type: "boolean", short: "h", default: false },
    email: { type: "string" },
    client: { type: "string", default: "main" },
    remote: { type: "boolean", default: false },
    state: { type: "string" },
  },
});

/** What is given on the command line; what is unknown ends it with the help. */
function readArguments<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(1);
  }
}

/** A text as an SQL literal. */
const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

if (values.help) {
  console.log(help);
  process.exit(0);
}
if (!values.email || values.remote === (values.state !== undefined)) {
  console.error(help);
  process.exit(1);
}

/** What is given, if it is as it must be; otherwise says what it must be and ends. */
function valid<T>(name: string, result: z.ZodSafeParseResult<T>): T {
  if (result.success) return result.data;
  console.error(`${name}: ${result.error.issues.map(({ message }) => message).join("; ")}`);
  process.exit(1);
}

const email = valid("--email", emailSchema.safeParse(values.email));
const client = valid("--client", clientIdSchema.safeParse(values.client));
if (process.stdin.isTTY) console.log("Password, then Enter and Ctrl-D:");
const isNotTheAddress = (candidate: string) => candidate.toLowerCase() !== email;
const passwordSchema = newPasswordSchema.refine(isNotTheAddress, "Not your e-mail address");
const password = valid("Password", passwordSchema.safeParse((await text(process.stdin)).trim()));
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
];

/** Runs SQL on the chosen database; what wrangler says, if it went well. */
function execute(parameters: string[]): string {
  const where = values.remote ? ["--remote"] : ["--local", "--persist-to", values.state ?? ""];
  const { status, stdout } = spawnSync(
    "node_modules/.bin/wrangler",
    ["d1", "execute", "DB", ...where, "--yes", "--json", ...parameters],
    { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" },
  );
  if (status === 0) return stdout;
  console.error(stdout);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
try {
  const file = join(folder, "bootstrap.sql");
  writeFileSync(file, statements.join("\n"), { mode: 0o600 });
  execute(["--file", file]);
} finally {
  rmSync(folder, { recursive: true });
}
const answer = execute(["--command", `SELECT id FROM users WHERE id = ${quoted(userId)}`]);
if (answer.includes(userId)) {
  console.log(`${email} is the first administrator, in the tenant ${client}.`);
} else {
  console.error("There is an administrator already; nothing was changed.");
  process.exitCode = 1;
}
