import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { plan } from "../../support/plans.ts";
import { deliver, sandboxBinding, startedTask } from "../../support/tasks.ts";

const blockSchema = z.looseObject({ type: z.string() });
const sentSchema = z.looseObject({
  tools: z.array(z.looseObject({ name: z.string() })),
  tool_choice: z.looseObject({ type: z.string() }),
  messages: z.array(z.object({ role: z.string(), content: z.array(blockSchema) })),
});

let tenants = 0;

/** A run of one step whose model has tools, and what it has sent to the model so far. */
async function writing(prompt: string, step: object = {}, config: Record<string, unknown> = {}) {
  const written = plan("write", {
    write: {
      action: "ai_text_generate",
      input: { prompt },
      tools: ["web_search", "search_memory", "remember"],
      ...step,
    },
  });
  const run = await startedTask(`tools_${tenants++}`, written, config);
  const asked = sandboxBinding();
  return {
    ...run,
    work: (worker: "agents" | "adapters", ...keys: string[]) =>
      deliver(
        worker,
        keys.map((key) => run.envelope("write", key)),
        asked,
      ),
    step: async () => (await run.view()).steps[0],
    sent: () =>
      asked.bodies.flatMap((body, index) =>
        asked.calls[index]?.endsWith("/messages") ? [sentSchema.parse(JSON.parse(body))] : [],
      ),
    answer: async (gate: string, approved: boolean, feedback?: unknown) =>
      valueOrThrow(
        await run.tenant.resumeRun(run.correlationId, "tenant", {
          approved,
          feedback,
          step: gate,
          userId: "user-1",
        }),
      ),
  };
}

const resultsIn = (sent: z.infer<typeof sentSchema> | undefined) =>
  (sent?.messages ?? [])
    .flatMap(({ content }) => content)
    .filter(({ type }) => type === "tool_result")
    .map(({ content, is_error }) => ({ content, is_error }));

beforeEach(closeBreakers);

describe("A text whose model has tools", () => {
  it("goes on in rounds: each call is a task of its own, and the last answer knows what they gave", async () => {
    const run = await writing(
      "Write about tea: call `web_search` and call `remember`, then call `search_memory`",
    );
    await run.work("agents", "m0");
    // What the object does itself is done by now; the search is an adapter's.
    expect(await run.step()).toMatchObject({ status: "running", tasks: { completed: 2, dispatched: 1 } });
    await run.work("adapters", "t0.0");
    await run.work("agents", "m1");
    expect(await run.view()).toMatchObject({
      status: "completed",
      // Three texts by a model of the cheapest kind, a search, two of the memory.
      fuel: { reserved: 0, spent: 3 * 10 + 5 + 2 * 2 },
      data: { write: { turns: 3, tool_calls: 3, text: expect.stringContaining("tea") } },
    });
    expect(run.sent().map(({ messages }) => messages.map(({ role }) => role))).toEqual([
      ["user"],
      ["user", "assistant", "user"],
      ["user", "assistant", "user", "assistant", "user"],
    ]);
    expect(resultsIn(run.sent()[2])).toEqual([
      { content: expect.stringMatching(/^<data name="web_search">\n\{"query":"tea"/), is_error: false },
      { content: expect.stringMatching(/^<data name="remember">\n\{"stored":true/), is_error: false },
      { content: expect.stringMatching(/^<data name="search_memory">\n\{"memories":\[\{/), is_error: false },
    ]);
  });

  it("gets the thoughts of its model back exactly as they were, in front of its calls", async () => {
    const run = await writing("Write about tea: call `remember`");
    await run.work("agents", "m0");
    const said = run.sent()[1]?.messages[1]?.content;
    expect(said).toEqual([
      { type: "thinking", thinking: "", signature: expect.stringMatching(/^sandbox-\d+$/) },
      expect.objectContaining({ type: "tool_use", name: "remember" }),
    ]);
    expect(await run.step()).toMatchObject({ status: "completed" });
  });

  it("is told what could not be done, and goes on: a tool that there is not, one that is denied, one that failed", async () => {
    const policy = { tool_policy: [{ tool: "remember", verdict: "deny" }] };
    const words = "Write about tea: call `format_disk` and call `remember` and call `web_search`";
    const run = await writing(words, {}, policy);
    await run.work("agents", "m0");
    expect(run.sent()[0]?.tools.map(({ name }) => name)).toEqual(["web_search", "search_memory"]);
    const failure = { error: { code: "EXTERNAL_SERVICE_ERROR", message: "No answer", retryable: false } };
    await run.tenant.failTask(`${run.correlationId}.write.t0.2`, 1, failure);
    await run.work("agents", "m1");
    expect(resultsIn(run.sent().at(-1))).toEqual([
      { content: expect.stringContaining("There is no tool format_disk"), is_error: true },
      { content: expect.stringContaining("remember may not be used"), is_error: true },
      { content: expect.stringContaining("EXTERNAL_SERVICE_ERROR: No answer"), is_error: true },
    ]);
    expect(await run.step()).toMatchObject({ status: "completed", output: { tool_calls: 1 } });
  });

  it("fails when its last turn still asks for tools, and with `on_limit: answer` answers without any", async () => {
    const words = "Write about tea: call `remember`, then call `remember`";
    const failing = await writing(words, { max_turns: 2 });
    await failing.work("agents", "m0");
    expect(await failing.view()).toMatchObject({ status: "failed", error: { code: "TOOL_LOOP_LIMIT" } });
    const answering = await writing(words, { max_turns: 1, on_limit: "answer" });
    await answering.work("agents", "m0");
    expect(await answering.step()).toMatchObject({
      status: "completed",
      output: { turns: 2, tool_calls: 1 },
    });
    const choices = answering.sent().map(({ tools, tool_choice }) => [tools.length, tool_choice.type]);
    expect(choices).toEqual([
      [3, "auto"],
      [3, "none"],
    ]);
  });

  it("takes no output_schema", async () => {
    const run = await writing("Write", {}, { output_schema: { type: "object" } });
    await run.work("agents", "m0");
    expect(await run.view()).toMatchObject({ status: "failed", error: { code: "AGENT_CONFIG_INVALID" } });
  });
});

describe("A tool that a person is asked about", () => {
  const policy = { tool_policy: [{ tool: "web_search", verdict: "ask" }] };
  const words = "Write about tea: call `web_search` and call `remember`";

  it("waits with its exact arguments while other calls go on, and goes out when it is allowed", async () => {
    const run = await writing(words, {}, policy);
    await run.work("agents", "m0");
    expect(await run.view()).toMatchObject({
      status: "paused",
      waiting: [
        { step: "write.t0.0", review: { tool: "web_search", input: { query: "tea", num_results: 5 } } },
      ],
      steps: [{ status: "paused", tasks: { queued: 1, completed: 2 } }],
    });
    await run.answer("write.t0.0", true);
    expect(await run.view()).toMatchObject({ status: "running", waiting: [] });
    await run.work("adapters", "t0.0");
    await run.work("agents", "m1");
    expect(await run.view()).toMatchObject({ status: "completed" });
  });

  it("is never used when it is refused: the model is told, with what the person said", async () => {
    const run = await writing(words, {}, policy);
    await run.work("agents", "m0");
    await run.answer("write.t0.0", false, "Ask me instead");
    await run.work("agents", "m1");
    expect(resultsIn(run.sent()[1])[0]).toEqual({
      content: expect.stringContaining("TOOL_REFUSED: A person has refused it: Ask me instead"),
      is_error: true,
    });
    expect(await run.view()).toMatchObject({
      status: "completed",
      data: { human_feedback: "Ask me instead", write: { tool_calls: 2 } },
    });
  });
});
