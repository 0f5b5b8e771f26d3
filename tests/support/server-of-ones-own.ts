import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "#scripts/local/launch.ts";
import { localOptions } from "#scripts/local/options.ts";
import { freePort, isPortFree } from "#scripts/local/port.ts";
import { type LocalServer, stopServer, untilHealthy } from "#scripts/local/server.ts";

/** `npm start` on a state directory that only this test has; may be killed and started again on it. */
export function serverOfOnesOwn(settings?: Record<string, string>) {
  const stateDirectory = mkdtempSync(join(tmpdir(), "persona-server-"));
  const port = freePort();
  let server: LocalServer | undefined;
  return {
    stateDirectory,
    address: async (): Promise<string> => `http://127.0.0.1:${await port}`,
    /** Resolves when the server is ready; the address stays the same. */
    async start(): Promise<string> {
      const options = localOptions({ PORT: String(await port), STATE_DIR: stateDirectory });
      server = await launch(options, settings);
      await untilHealthy(server);
      return server.baseUrl;
    },
    /** Ends every process of the server at once, without a word. */
    async kill(): Promise<void> {
      const { pid } = server?.process ?? {};
      if (server === undefined || pid === undefined) throw new Error("no server");
      const ended = new Promise((resolve) => server?.process.once("exit", resolve));
      process.kill(-pid, "SIGKILL");
      await ended;
      // Its children die a moment later.
      while (!(await isPortFree(await port))) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    async stop(): Promise<void> {
      if (server) await stopServer(server);
    },
    async dispose(): Promise<void> {
      await this.stop();
      rmSync(stateDirectory, { recursive: true, force: true });
    },
  };
}
