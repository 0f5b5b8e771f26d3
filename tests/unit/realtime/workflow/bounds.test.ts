import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { permissionNames } from "#src/kernel/permissions.ts";
import { SocketCalls } from "#workers/gateway/socket-calls.ts";
import { createUserWithSession } from "../../../support/users.ts";
import { personaWith, starter } from "../../../support/workflow-guests.ts";

const patterns = (count: number) => Array.from({ length: count }, (_, index) => `p${"_".repeat(index)}`);

it("Subscriptions and workflows of a connection are 50 together; what is too many is refused, and not begun", async () => {
  const user = await createUserWithSession("flow_bounds");
  const persona = await personaWith(user);
  const { subscribe, start, nextOf, ended } = await starter(user);
  await subscribe(...patterns(48));
  start("w1", persona);
  await nextOf("w1");
  const perform = vi.spyOn(SocketCalls.prototype, "perform");
  start("w2", persona);
  start("w3", persona);
  expect(await ended("w3")).toMatchObject({ data: { run: null }, error: { code: "RATE_LIMITED" } });
  await nextOf("w2");
  expect(perform).toHaveBeenCalledTimes(1);
  expect(await subscribe("one.more")).toMatchObject({ error: "Too many subscriptions" });
  perform.mockRestore();
});

it("With 50 workflows of the longest names and 50 rooms an attachment stays below what the platform takes", async () => {
  await starter(await createUserWithSession("flow_attachment"));
  await runInDurableObject(env.TENANT_HUB.getByName("flow_attachment"), (_, ctx) => {
    const [socket] = ctx.getWebSockets();
    const long = (count: number, length: number) =>
      Array.from({ length: count }, (__, index) => String(index).padEnd(length, "x"));
    const full = {
      ...Object(socket?.deserializeAttachment()),
      permissions: permissionNames,
      rooms: long(50, 64),
      workflows: long(50, 128).map((id) => ({ id, run: crypto.randomUUID(), progress: 1 / 3 })),
    };
    expect(() => socket?.serializeAttachment(full)).not.toThrow();
    expect(() => socket?.serializeAttachment("x".repeat(16 * 1024))).toThrow();
  });
});
