import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { demo } from "#scripts/local/options.ts";
import { freePort } from "#scripts/local/port.ts";
import { newSecret, signedHeaders } from "#src/webhook-delivery/signature.ts";
import { blocksOf, readDocument } from "../../support/documents.ts";
import { serverOfOnesOwn } from "../../support/server-of-ones-own.ts";

const folder = resolve(".wrangler/receivers");
mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How a receiver in a language is run, where the language is there. */
const languages = [
  { name: "TypeScript", fence: "ts", file: "receiver.ts", command: [process.execPath] },
  { name: "Python", fence: "python", file: "receiver.py", command: ["python3"] },
  { name: "Go", fence: "go", file: "receiver.go", command: ["go", "run"] },
];

const isThere = ([command = "", ...rest]: string[]): boolean =>
  spawnSync(command, rest.length > 0 ? ["version"] : ["--version"]).status === 0;

/** Runs the receiver that docs/webhooks.md has in a language; it takes what is signed with the secret. */
async function startReceiver({ fence, file, command }: (typeof languages)[number], secret: string) {
  const block = blocksOf(readDocument("docs/webhooks.md")).find(({ language }) => language === fence);
  const path = join(folder, file);
  writeFileSync(path, block?.code ?? "");
  const port = String(await freePort());
  const [program = "", ...parameters] = command;
  const child = spawn(program, [...parameters, path], {
    env: { ...process.env, WEBHOOK_SECRET: secret, PORT: port },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  onTestFinished(() => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  });
  const url = `http://127.0.0.1:${port}/hooks`;
  await expect
    .poll(() => fetch(url, { method: "POST" }).then(({ status }) => status, String), { timeout: 30_000 })
    .toBe(400);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += String(part)));
  return { url, said: () => said };
}

describe.each(languages)("The receiver in $name that the document has", (language) => {
  it.skipIf(!isThere(language.command))(
    "takes what is genuine, each message once, and nothing else",
    async () => {
      const secret = newSecret();
      const { url, said } = await startReceiver(language, secret);
      const post = async (body: string, headers: Record<string, string>) =>
        (await fetch(url, { method: "POST", body, headers })).status;
      const signed = (body: string, at = Date.now(), secrets = [secret]) =>
        signedHeaders({ id: "msg_demo_client_1", body, at }, secrets);
      const body = JSON.stringify({ type: "user.created", data: { name: "Zoë 🫖" } });
      expect(await post(body, signed(body))).toBe(204);
      // While a secret takes another's place.
      expect(await post(body, signed(body, Date.now(), [newSecret(), secret]))).toBe(204);
      expect(await post(body, signed(body, Date.now(), [newSecret()]))).toBe(400);
      expect(await post(body.replace("created", "deleted"), signed(body))).toBe(400);
      expect(await post(body, signed(body, Date.now() - 600_000))).toBe(400);
      await expect.poll(() => said().match(/user\.created/g)).toHaveLength(1);
    },
  );
});

interface Hooks {
  headers: IncomingMessage["headers"];
  body: string;
}

const loginSchema = z.object({ access_token: z.string() });
const webhookSchema = z.object({ id: z.string(), secret: z.string() });
const logSchema = z.object({
  deliveries: z.array(z.object({ status: z.string(), attempt_count: z.number() })),
});

it("After a kill of everything in the middle of a delivery, the message comes again under its id", async () => {
  const got: Hooks[] = [];
  let answers = false;
  const receiver = createServer(async (request, response) => {
    got.push({ headers: request.headers, body: await text(request) });
    // The first one is never answered.
    if (answers) response.writeHead(204).end();
  });
  const port = await freePort();
  receiver.listen(port, "127.0.0.1");
  const server = serverOfOnesOwn({ EGRESS_ALLOW_LOOPBACK: "true", OPERATOR_CLIENT_ID: demo.clientId });
  onTestFinished(async () => {
    receiver.closeAllConnections();
    receiver.close();
    await server.dispose();
  });
  const call = async <T>(schema: z.ZodType<T>, path: string, token = "", json?: unknown): Promise<T> => {
    const answer = await fetch(`${await server.address()}/api/v1${path}`, {
      method: json === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    return schema.parse(await answer.json());
  };
  await server.start();
  const [{ email, password }] = demo.accounts;
  const { access_token: token } = await call(loginSchema, "/auth/login", "", { email, password });
  const { id, secret } = await call(webhookSchema, "/webhooks", token, {
    url: `http://127.0.0.1:${port}/hooks`,
    events: ["user.created"],
  });
  const account = { email: "new@demo.example", password: "Correct-Horse-9", client_id: demo.clientId };
  await call(loginSchema, "/auth/register", "", account);
  await expect.poll(() => got.length, { timeout: 10_000 }).toBe(1);
  await server.kill();
  answers = true;
  await server.start();
  await expect.poll(() => got.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
  const [first, second] = got;
  expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
  const headers = Object.fromEntries(
    Object.entries(second?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  expect(new Webhook(secret).verify(second?.body ?? "", headers)).toMatchObject({
    type: "user.created",
    data: { email: "new@demo.example" },
  });
  await expect
    .poll(async () => (await call(logSchema, `/webhooks/${id}/deliveries`, token)).deliveries)
    .toEqual([{ status: "delivered", attempt_count: 1 }]);
}, 180_000);
