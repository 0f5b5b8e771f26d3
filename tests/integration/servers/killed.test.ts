import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { becomesFree } from "#scripts/local/port.ts";
import { eventually } from "../../support/outside.ts";
import { serverOfOnesOwn } from "../../support/server-of-ones-own.ts";

it("`npm start` that is killed leaves nothing behind that would keep the port or the state", async () => {
  const place = serverOfOnesOwn();
  const port = Number(new URL(await place.address()).port);
  const starter = spawn(process.execPath, ["scripts/start.ts"], {
    env: { ...process.env, PORT: String(port), STATE_DIR: place.stateDirectory },
    stdio: "ignore",
    // A process group of its own, as a shell gives one: what it has started apart from it is not killed with it.
    detached: true,
  });
  const { pid } = starter;
  if (pid === undefined) throw new Error("not started");
  const ended = new Promise((resolve) => starter.once("exit", resolve));
  try {
    // A fresh state on a busy machine takes its time.
    await eventually(
      () =>
        fetch(`http://127.0.0.1:${port}`).then(
          () => true,
          () => undefined,
        ),
      90_000,
    );
  } finally {
    process.kill(-pid, "SIGKILL");
    await ended;
  }
  expect(await becomesFree(port)).toBe(true);
  await place.dispose();
}, 120_000);
