import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type LocalOptions, settingsFromEnvironment } from "./options.ts";
import { becomesFree } from "./port.ts";
import { prepareState } from "./prepare-state.ts";
import { developmentSecrets } from "./secrets.ts";
import { type LocalServer, startServer } from "./server.ts";
import { writeLocalConfigs } from "./worker-configs.ts";

/**
 * Prepares local state and starts every Worker on it. The server may not be
 * ready yet: await `untilHealthy`; end it with `stopServer`.
 * @param settings of the Workers; those of the environment unless given
 * @throws when the port is taken, before anything is touched
 */
export async function launch(
  options: LocalOptions,
  settings: Record<string, string> = settingsFromEnvironment(),
): Promise<LocalServer> {
  if (!(await becomesFree(options.port))) {
    throw new Error(
      `Port ${options.port} on 127.0.0.1 is taken. Stop what runs there, or choose another: PORT=8788 npm start`,
    );
  }
  mkdirSync(options.stateDirectory, { recursive: true, mode: 0o700 });
  const configs = writeLocalConfigs(join(options.stateDirectory, "configs"), {
    TRUST_CLIENT_IP: "false",
    ...developmentSecrets(options.stateDirectory),
    ...settings,
  });
  await prepareState(options.stateDirectory, configs.gateway);
  return startServer(options, configs);
}
