import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { plan, usage } from "../../support/plans.ts";
import { claimTask, completeTask } from "../../support/task-reports.ts";
import { deliver, sandboxBinding, startedTask } from "../../support/tasks.ts";

const text = (prompt: string, next_step?: string) => ({
  action: "ai_text_generate",
  input: { prompt },
  ...(next_step === undefined ? {} : { next_step }),
});
const threeTexts = plan("outline", {
  outline: text("outline", "draft"),
  draft: text("draft", "polish"),
  polish: text("polish"),
});
const result = { output: { text: "done" }, usage };

afterEach(() => {
  vi.useRealTimers();
});

describe("The next task of a run", () => {
  it("is handed, claimed, to the consumer that reports the one before", async () => {
    const { tenant, envelope } = await startedTask("handed", threeTexts);
    const { task_id } = envelope("outline");
    valueOrThrow(await claimTask(tenant, task_id, 1));
    const { applied, next } = await completeTask(tenant, task_id, 1, result, "agents");
    expect({ applied, step: next?.stepName, input: next?.input }).toEqual({
      applied: true,
      step: "draft",
      input: { prompt: "draft" },
    });
    const claim = await claimTask(tenant, envelope("draft").task_id, 1);
    expect(claim).toMatchObject({ ok: false, message: "Somebody else works on the task" });
  });

  it("is not handed to whoever does not ask for it", async () => {
    const { tenant, envelope } = await startedTask("not_asked", threeTexts);
    const report = await completeTask(tenant, envelope("outline").task_id, 1, result);
    expect(report).toEqual({ applied: true });
    valueOrThrow(await claimTask(tenant, envelope("draft").task_id, 1));
  });

  it("is not handed to the consumer of other topics", async () => {
    const { tenant, envelope } = await startedTask(
      "not_its_own",
      plan("write", { write: text("w", "look"), look: { action: "web_search", input: { query: "tea" } } }),
    );
    expect(await completeTask(tenant, envelope("write").task_id, 1, result, "agents")).toEqual({
      applied: true,
    });
    valueOrThrow(await claimTask(tenant, envelope("look").task_id, 1));
  });

  it("is not handed for a report that came twice", async () => {
    const { tenant, envelope } = await startedTask("handed_once", threeTexts);
    const { task_id } = envelope("outline");
    await completeTask(tenant, task_id, 1, result, "agents");
    expect(await completeTask(tenant, task_id, 1, result, "agents")).toEqual({ applied: false });
  });

  it("goes to another consumer when the one that has it falls silent", async () => {
    const { tenant, envelope } = await startedTask("handed_to_the_dead", threeTexts);
    await completeTask(tenant, envelope("outline").task_id, 1, result, "agents");
    await evictDurableObject(env.TENANT_WORKFLOWS.getByName("handed_to_the_dead"));
    const claim = () => claimTask(tenant, envelope("draft").task_id, 1);
    expect(await claim()).toMatchObject({ ok: false });
    const later = Date.now() + 6000;
    vi.useFakeTimers({ now: later, toFake: ["Date"] });
    expect(await claim()).toMatchObject({ ok: true });
  });
});

describe("A consumer", () => {
  it("goes on with the next steps of a quick run by itself, from one message", async () => {
    const { view, envelope } = await startedTask("quick", threeTexts);
    const { calls, result: batch } = await deliver("agents", [envelope("outline")]);
    expect(await view()).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 30 } });
    expect(calls).toHaveLength(3);
    expect(batch.explicitAcks).toHaveLength(1);
  });

  it("leaves the next step to the queue when its message has taken long", async () => {
    const { view, envelope } = await startedTask("slow", threeTexts);
    const sandbox = sandboxBinding();
    const { fetch } = sandbox.fetcher;
    sandbox.fetcher.fetch = async (...call: Parameters<typeof fetch>) => {
      vi.useFakeTimers({ now: Date.now() + 1500, toFake: ["Date"] });
      return fetch(...call);
    };
    await deliver("agents", [envelope("outline")], sandbox);
    expect(await view()).toMatchObject({ status: "running", current_step: "draft" });
    expect(sandbox.calls).toHaveLength(1);
  });

  it("claims a batch of one tenant with one call, and does what it got", async () => {
    const taken = await startedTask("one_call", threeTexts);
    valueOrThrow(await claimTask(taken.tenant, taken.envelope("outline").task_id, 1));
    const open = await Promise.all(["a", "b"].map(() => startedTask("one_call", threeTexts)));
    const runs = [taken, ...open];
    await deliver(
      "agents",
      runs.map(({ envelope }) => envelope("outline")),
    );
    const statuses = await Promise.all(runs.map(async ({ view }) => (await view()).status));
    expect(statuses).toEqual(["running", "completed", "completed"]);
  });
});
