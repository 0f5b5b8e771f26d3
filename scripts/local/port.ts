import { createServer } from "node:net";

/** Whether a server could listen on 127.0.0.1 at this port now. */
export const isPortFree = (port: number): Promise<boolean> =>
  new Promise((settle) => {
    const probe = createServer();
    probe.once("error", () => settle(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => settle(true)));
  });

/** Whether a port is free, or will be in a moment: what a killed server leaves behind ends by itself. */
export async function becomesFree(port: number, withinMs = 4000): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!(await isPortFree(port))) {
    if (Date.now() > deadline) return false;
    await new Promise((settle) => setTimeout(settle, 100));
  }
  return true;
}

/** A port on 127.0.0.1 that nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
