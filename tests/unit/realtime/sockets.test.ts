import { expect, it, vi } from "vitest";
import { Sockets } from "#durable-objects/tenant-hub/sockets.ts";
import { lifeSign } from "#src/realtime/index.ts";

it("Whoever comes has all sockets looked through now and then, not each time: it would take longer the more there are", () => {
  const sockets = new Sockets({ listenerOf: vi.fn(), ended: vi.fn(), failed: vi.fn() });
  const ctx = { getWebSockets: vi.fn(() => []), getWebSocketAutoResponseTimestamp: () => null };
  const looksAt = (now: number) => {
    sockets.lookAgain(ctx, now);
    return ctx.getWebSockets.mock.calls.length;
  };
  const at = 1_000_000;
  expect([at, at + 1, at + lifeSign.lookEveryMs - 1].map(looksAt)).toEqual([1, 1, 1]);
  expect(looksAt(at + lifeSign.lookEveryMs)).toBe(2);
  // A clock that was set back.
  expect(looksAt(at - lifeSign.lookEveryMs)).toBe(3);
});
