import { fireCron } from "./local/cron.ts";
import { launch } from "./local/launch.ts";
import { openWidget } from "./local/open-widget.ts";
import { openWorld } from "./local/open-world.ts";
import { demo, localOptions } from "./local/options.ts";
import { type LocalServer, stopServer, untilHealthy } from "./local/server.ts";

/** What a person needs to go on. */
function welcome({ baseUrl, logFile }: LocalServer): string {
  const [admin, user] = demo.accounts;
  return `
  Console                      ${baseUrl}/console/
  Persona platform is ready    ${baseUrl}
  A page with a widget         ${baseUrl}/dev/widget
  API reference                ${baseUrl}/api/docs
  Mailbox (development)        ${baseUrl}/dev/mailbox
  Logs                         ${logFile}

  Tenant     ${demo.clientId}
  Admin      ${admin.email} / ${admin.password}
  User       ${user.email} / ${user.password}

  Try it:    npm run demo
  or:        curl -s ${baseUrl}/api/v1/auth/login -H 'content-type: application/json' \\
               -d '{"email":"${user.email}","password":"${user.password}"}'
`;
}

/** `npm start`: everything on one port, offline, until SIGINT or SIGTERM. */
async function start(): Promise<void> {
  const parent = process.ppid;
  let server: LocalServer | undefined;
  let stopping = false;
  let stopCron = () => {};
  const shutDown = async (code: number) => {
    if (stopping) return;
    stopping = true;
    stopCron();
    if (server) await stopServer(server);
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => shutDown(0));
  setInterval(() => process.ppid !== parent && shutDown(1), 500);
  try {
    server = await launch(localOptions(), undefined, { hasPast: true });
    await untilHealthy(server);
    await openWorld(server.baseUrl).catch((error: unknown) =>
      console.error("The demo has nothing open:", error),
    );
    await openWidget(server.baseUrl).catch((error: unknown) =>
      console.error("There is no page with a widget:", error),
    );
    console.log(welcome(server));
    stopCron = fireCron(server.baseUrl);
    server.process.once("exit", (code) => {
      if (!stopping) console.error(`The server ended by itself (${code}); see ${server?.logFile}`);
      shutDown(1);
    });
  } catch (error) {
    if (!stopping) console.error(error instanceof Error ? error.message : error);
    await shutDown(1);
  }
}

await start();
