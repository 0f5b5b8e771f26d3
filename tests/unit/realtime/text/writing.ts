import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { LiveTexts } from "#client/live-texts.ts";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import { plan } from "../../../support/plans.ts";
import { connect, type Frame } from "../../../support/sockets.ts";
import { deliver, startedTask } from "../../../support/tasks.ts";
import { typingUpstream } from "../../../support/typing-upstream.ts";
import { createUserWithSession, type TestUser } from "../../../support/users.ts";

const kinds = ["execution.snapshot", "execution.delta", "execution.reset"];
export const isText = (event: string | undefined) => kinds.includes(event ?? "");

/** What somebody has read who follows the rules of docs/realtime.md. */
export function readFrom(frames: readonly Frame[]): string | undefined {
  const texts = new LiveTexts();
  for (const frame of frames) expect(texts.take(frame)?.asks).not.toBe(true);
  return texts.all[0];
}

export const eventsIn = (frames: readonly Frame[]) =>
  frames.flatMap(({ type, event }) => (type === "event" && event?.startsWith("execution.") ? [event] : []));

let tenants = 0;

/** A run whose one step a provider writes as the test has it. */
export async function writing(step: object = {}) {
  const clientId = `streamed_text_${tenants++}`;
  const owner = await createUserWithSession(clientId);
  const published = vi.spyOn(TenantHub.prototype, "publishText");
  const write = { action: "ai_text_generate", input: { prompt: "About tea" }, ...step };
  const more = { userId: owner.actor.userId };
  const begin = async () => {
    const run = await startedTask(clientId, plan("write", { write }), {}, more);
    const upstream = typingUpstream();
    const work = (attempt = 1) => deliver("agents", [run.envelope("write", "main", attempt)], upstream.asked);
    return { ...run, ...upstream, work };
  };
  const watch = async (user: TestUser = owner) => {
    const socket = await connect(user);
    await socket.subscribe("execution.*");
    const reads = (text: string) => expect.poll(() => readFrom(socket.frames)).toBe(text);
    return { ...socket, reads };
  };
  return { clientId, owner, published, begin, watch, hub: env.TENANT_HUB.getByName(clientId) };
}
