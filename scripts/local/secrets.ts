import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Development secrets, made once per state directory and readable by its owner only. */
export function developmentSecrets(stateDirectory: string): Record<string, string> {
  const path = join(stateDirectory, "development-secrets.json");
  const known: Record<string, string> = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const secrets = {
    JWT_SECRET_KEY: randomBytes(48).toString("base64url"),
    WEBHOOK_SECRETS_KEY: randomBytes(32).toString("base64"),
    // A state of an earlier release keeps what it has, and gets what it lacks.
    ...known,
  };
  if (Object.keys(known).length < Object.keys(secrets).length)
    writeFileSync(path, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}
