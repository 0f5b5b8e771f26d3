import { resolve } from "node:path";
import { settingsSchema } from "#src/kernel/config.ts";

/** The contracts around `npm start` (README.md#configuration). */
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

/** What makes the local platform a local one: not for the environment to say. */
const ownSettings: readonly string[] = ["ENVIRONMENT", "TRUST_CLIENT_IP", "LOCAL_QUEUES"];

/** Settings handed on to the Workers when they are set. */
const handedOn = Object.keys(settingsSchema.shape).filter((name) => !ownSettings.includes(name));

export const settingsFromEnvironment = (environment = process.env): Record<string, string> =>
  Object.fromEntries(handedOn.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));

/** Demo accounts of the local tenant (README.md#two-commands); never created outside development. */
export const demo = {
  clientId: "demo_client",
  accounts: [
    { email: "admin@demo.test", password: "Demo-Admin-1", role: "admin", firstName: "Ada" },
    { email: "user@demo.test", password: "Demo-User-1", role: "user", firstName: "Uma" },
  ],
} as const;
