import type { TestProject } from "vitest/node";
import { demo } from "#scripts/local/options.ts";
import { serverOfOnesOwn } from "./server-of-ones-own.ts";
import { testSettings } from "./settings.ts";

/** Starts the platform once for the whole project; tests find it by `inject("baseUrl")`. */
export default async function setup(project: TestProject) {
  const server = serverOfOnesOwn({
    ...testSettings,
    OPERATOR_CLIENT_ID: demo.clientId,
  });
  project.provide("baseUrl", await server.start());
  return () => server.dispose();
}

declare module "vitest" {
  interface ProvidedContext {
    baseUrl: string;
  }
}
