import { launch } from "./local/launch.ts";
import { demo, localOptions } from "./local/options.ts";

const options = localOptions();

/** `npm start`: everything on one port, offline, until SIGINT or SIGTERM. */
async function start() {
  const parent = process.ppid;
  const { process: server, stop, logFile } = await launch(options);
  const [admin, user] = demo.accounts;
  console.log(`
  Persona platform is ready    ${options.baseUrl}
  API reference                ${options.baseUrl}/api/docs
  Mailbox (development)        ${options.baseUrl}/dev/mailbox
  Logs                         ${logFile}

  Tenant     ${demo.clientId}
  Admin      ${admin.email} / ${admin.password}
  User       ${user.email} / ${user.password}

  Try it:    npm run demo
  or:        curl -s ${options.baseUrl}/api/v1/auth/login -H 'content-type: application/json' \\
               -d '{"email":"${user.email}","password":"${user.password}"}'
`);
  let stopping = false;
  const shutDown = async () => {
    if (stopping) return;
    stopping = true;
    await stop();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, shutDown);
  setInterval(() => process.ppid !== parent && shutDown(), 500);
  server.once("exit", (code) => {
    if (stopping) return;
    console.error(`The server ended by itself (${code}); see ${logFile}`);
    process.exit(1);
  });
}

start().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
