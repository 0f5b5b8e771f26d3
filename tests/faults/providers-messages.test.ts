import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { inProduction } from "#tests/support/settings.ts";
import { closeBreakers } from "../support/breakers.ts";
import { plan } from "../support/plans.ts";
import { deliver, sandboxBinding, startedTask } from "../support/tasks.ts";

const one = (action: string, input: Record<string, unknown>) => plan("work", { work: { action, input } });

const kinds = [
  ["ai_text_generate", "agents", { prompt: "About tea" }],
  ["reasoning_review", "agents", { content_to_review: "Tea is a drink." }],
  ["web_search", "adapters", { query: "tea" }],
  ["ai_image_generate", "adapters", { prompt: "tea" }],
] as const;

beforeEach(closeBreakers);

describe("A message delivered again costs no second call and changes nothing", () => {
  it.each(kinds)("%s", async (action, worker, input) => {
    const asked = sandboxBinding();
    const { view, envelope } = await startedTask(`again_${action}`, one(action, input));
    await deliver(worker, [envelope("work")], asked);
    const first = await view();
    expect(first.status).toBe("completed");
    await deliver(worker, [envelope("work"), envelope("work")], asked);
    expect(asked.calls).toHaveLength(1);
    expect(await view()).toEqual(first);
  });

  it.each(kinds)("%s, three at once", async (action, worker, input) => {
    const { view, envelope } = await startedTask(`at_once_${action}`, one(action, input));
    const { calls } = await deliver(worker, [envelope("work"), envelope("work"), envelope("work")]);
    expect(calls).toHaveLength(1);
    expect((await view()).status).toBe("completed");
  });

  it("a picture that is stored already is not made again, even when its report was lost", async () => {
    const { view, envelope, correlationId } = await startedTask(
      "lost_report",
      one("ai_image_generate", { prompt: "tea" }),
    );
    const key = `images/lost_report/${correlationId}/${correlationId}.work.main.png`;
    await env.BLOBS.put(key, "a picture", { customMetadata: { seed: "7", user_id: "user-1" } });
    const { calls } = await deliver("adapters", [envelope("work")]);
    expect(calls).toEqual([]);
    expect((await view()).steps[0]?.output).toEqual({ image_uri: `/api/v1/${key}`, prompt: "tea", seed: 7 });
  });
});

describe("Messages", () => {
  it("that cannot be read go to the dead letters with the reason, and hold up nobody", async () => {
    const { view, envelope } = await startedTask("malformed", one("ai_text_generate", { prompt: "Tea" }));
    const { task_id: _, ...broken } = envelope("work");
    const { letters, result } = await deliver("agents", [broken, 7, envelope("work")]);
    expect(result.explicitAcks).toHaveLength(3);
    expect(letters.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("task_id"),
      expect.stringContaining("expected object"),
    ]);
    expect((await view()).status).toBe("completed");
  });

  it("that are unreadable and nearly as large as a queue takes still fit into their letter", async () => {
    const { envelope, correlationId } = await startedTask(
      "malformed_large",
      one("ai_text_generate", { prompt: "Tea" }),
    );
    const large = { ...envelope("work"), attempt: "first", padding: "x".repeat(120_000) };
    const { letters } = await deliver("agents", [large]);
    const [letter] = letters;
    expect(JSON.stringify(letter).length).toBeLessThan(100_000);
    expect(letter?.body).toMatchObject({
      client_id: "malformed_large",
      correlation_id: correlationId,
      task_id: `${correlationId}.work.main`,
    });
  });

  it("for a task that nobody knows are dropped", async () => {
    const { envelope } = await startedTask("unknown_task", one("ai_text_generate", { prompt: "Tea" }));
    const { result, calls } = await deliver("agents", [envelope("nowhere")]);
    expect(result.explicitAcks).toHaveLength(1);
    expect(calls).toEqual([]);
  });

  it("whose payload was too large for the queue leave nothing behind in R2", async () => {
    const { view, envelope, correlationId } = await startedTask(
      "large_payload",
      one("ai_text_generate", { prompt: "About tea", notes: "{{input.notes}}" }),
      {},
      { input: { notes: "long ".repeat(30_000) } },
    );
    const payload_ref = `payloads/large_payload/${correlationId}.work.main.json`;
    await vi.waitFor(async () => expect(await env.BLOBS.head(payload_ref)).not.toBeNull());
    await deliver("agents", [{ ...envelope("work"), payload_ref }]);
    expect(await view()).toMatchObject({ status: "completed", error: null });
    expect(await env.BLOBS.head(payload_ref)).toBeNull();
  });

  it("cannot have another object removed by naming it", async () => {
    const { envelope } = await startedTask("wrong_payload", one("ai_text_generate", { prompt: "Tea" }));
    const payload_ref = "images/somebody/else.png";
    await env.BLOBS.put(payload_ref, "a picture");
    await deliver("agents", [{ ...envelope("work"), payload_ref }]);
    expect(await env.BLOBS.head(payload_ref)).not.toBeNull();
  });
});

it("Without key and sandbox nothing starts: the run says that no provider is configured", async () => {
  const cases = [
    ["ai_text_generate", "agents", "AI_SERVICE_ERROR"],
    ["web_search", "adapters", "EXTERNAL_SERVICE_ERROR"],
    ["ai_image_generate", "adapters", "EXTERNAL_SERVICE_ERROR"],
  ] as const;
  for (const [action, worker, code] of cases) {
    const { view, envelope } = await startedTask(
      `bare_${action}`,
      one(action, { prompt: "Tea", query: "tea" }),
    );
    await deliver(worker, [envelope("work")], undefined, inProduction);
    const message = expect.stringContaining("configured");
    expect(await view()).toMatchObject({ status: "failed", error: { code, message } });
  }
});
