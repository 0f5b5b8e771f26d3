import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type LocalOptions, settingsFromEnvironment } from "./options.ts";
import { isPortFree } from "./port.ts";
import { prepareState } from "./prepare-state.ts";
import { developmentSecrets } from "./secrets.ts";
import { startServer, stopServer, untilHealthy } from "./server.ts";
import { writeLocalConfigs } from "./worker-configs.ts";

export class PortTakenError extends Error {}

/**
 * Prepares local state and runs every Worker on it until `stop` is called.
 * @throws PortTakenError before anything is touched
 */
export async function launch(options: LocalOptions) {
  if (!(await isPortFree(options.port))) {
    throw new PortTakenError(
      `Port ${options.port} on 127.0.0.1 is taken. Stop what runs there, or choose another: PORT=8788 npm start`,
    );
  }
  mkdirSync(options.stateDirectory, { recursive: true, mode: 0o700 });
  const configs = writeLocalConfigs(join(options.stateDirectory, "configs"), {
    TRUST_CLIENT_IP: "false",
    ...developmentSecrets(options.stateDirectory),
    ...settingsFromEnvironment(),
  });
  await prepareState(options.stateDirectory, configs.gateway);
  const server = startServer(options, configs);
  const stop = () => stopServer(server.process);
  try {
    await untilHealthy(options.baseUrl, server.process);
  } catch (error) {
    await stop();
    throw new Error(`${error instanceof Error ? error.message : error}; see ${server.logFile}`, { cause: error });
  }
  return { ...server, stop };
}
