import { resolve } from "node:path";

/** The contracts around `npm start` (spec 00-running). */
export const localOptions = (environment = process.env) => {
  const port = Number(environment.PORT ?? 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`PORT must be a number from 1 to 65535, not "${environment.PORT}"`);
  }
  return {
    port,
    baseUrl: `http://127.0.0.1:${port}`,
    /** Everything local lives here. */
    stateDirectory: resolve(environment.STATE_DIR || ".wrangler/state"),
  };
};

export type LocalOptions = ReturnType<typeof localOptions>;

/** Settings handed on to the Workers when they are set. */
const handedOn = [
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_BASE_URL",
  "SERP_API_KEY",
  "SERP_API_URL",
  "STABILITY_API_KEY",
  "STABILITY_API_URL",
  "INTERNAL_TOKEN",
  "ALLOWED_ORIGINS",
  "JWT_SECRET_KEY",
  "LOG_LEVEL",
] as const;

export const settingsFromEnvironment = (environment = process.env): Record<string, string> =>
  Object.fromEntries(handedOn.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));

/** Demo accounts of the local tenant (spec 00-running); never created outside development. */
export const demo = {
  clientId: "demo_client",
  accounts: [
    { email: "admin@demo.test", password: "Demo-Admin-1", role: "admin", firstName: "Ada" },
    { email: "user@demo.test", password: "Demo-User-1", role: "user", firstName: "Uma" },
  ],
} as const;
