import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Development secrets, made once per state directory and readable by its owner only. */
export function developmentSecrets(stateDirectory: string): Record<string, string> {
  const path = join(stateDirectory, "development-secrets.json");
  if (!existsSync(path)) {
    const secrets = { JWT_SECRET_KEY: randomBytes(48).toString("base64url") };
    writeFileSync(path, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(path, "utf8"));
}
