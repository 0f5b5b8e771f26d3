import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { offeredTools } from "#src/engine/tool-loop/offered-tools.ts";
import {
  answerIn,
  isToolCall,
  type LoopTask,
  nextMove,
  type ToolLoop,
} from "#src/engine/tool-loop/tool-loop.ts";
import { maxResultBytes, transcriptOf } from "#src/engine/tool-loop/transcript.ts";

const config = {
  tool_policy: [
    { tool: "generate_*", verdict: "ask" },
    { tool: "remember", verdict: "deny" },
  ],
};
const tools = offeredTools(["web_search", "generate_image", "remember"], { config, workflows: {} });
const loopWith = (bounds: Partial<ToolLoop> = {}): ToolLoop => ({
  tools,
  maxTurns: 8,
  maxCalls: 16,
  onLimit: "fail",
  ...bounds,
});

const search = { name: "web_search", input: { query: "tea" } };
const picture = { name: "generate_image", input: { prompt: "tea" } };
const answer = (text: string, calls: readonly { name: string; input: unknown }[] = []) => ({
  text,
  calls: calls.map((call, index) => ({ ...call, id: `call${index}` })),
  blocks: [],
});
const done = (key: string, output: Record<string, unknown>): LoopTask => ({
  key,
  status: "completed",
  output,
  error: null,
});

/** Calls as models make them: of tools there are, in a good form or not, and of what there is not. */
const callArbitrary = fc.constantFrom(
  search,
  picture,
  { name: "remember", input: { content: "tea" } },
  { name: "web_search", input: { query: 7 } },
  { name: "web_search", input: "cut o" },
  { name: "format_disk", input: {} },
);
const historyArbitrary = fc.record({
  turns: fc.array(fc.array(callArbitrary, { maxLength: 12 }), { maxLength: 9 }),
  maxTurns: fc.integer({ min: 1, max: 6 }),
  maxCalls: fc.integer({ min: 1, max: 20 }),
  onLimit: fc.constantFrom("fail" as const, "answer" as const),
  fails: fc.infiniteStream(fc.boolean()),
  order: fc.infiniteStream(fc.nat()),
});

/** How a task ends: a turn with the calls that it has in the history, a tool with luck or without. */
function endOf(
  { key }: LoopTask,
  turns: readonly (readonly { name: string; input: unknown }[])[],
  fails: IterableIterator<boolean>,
): LoopTask {
  if (!isToolCall({ key })) {
    const calls = turns[Number(key.slice(1))] ?? [];
    return done(key, answer(calls.length > 0 ? "" : "Tea!", calls));
  }
  return fails.next().value
    ? { key, status: "failed", output: null, error: { code: "BOOM", message: key } }
    : done(key, { found: key });
}

describe("Over any history the loop", () => {
  it("does each call once at most, none that is denied or unknown, keeps its limits, and comes to an end", () => {
    fc.assert(
      fc.property(historyArbitrary, ({ turns, fails, order, ...bounds }) => {
        const loop = loopWith(bounds);
        const tasks: LoopTask[] = [{ key: "m0", status: "dispatched", output: null, error: null }];
        const calledAgain = new Set<string>();
        for (let steps = 0; ; steps++) {
          expect(steps).toBeLessThan(200);
          const move = nextMove(loop, tasks);
          const open = tasks.filter(({ status }) => status === "dispatched");
          const task = open[order.next().value % Math.max(1, open.length)];
          if (task) {
            // While anything is open nothing else begins.
            expect(move).toEqual({ type: "wait" });
            tasks[tasks.indexOf(task)] = endOf(task, turns, fails);
            continue;
          }
          if (move.type === "end" || move.type === "fail") {
            const models = tasks.filter((task) => !isToolCall(task));
            const last = turns[models.length - 1] ?? [];
            if (move.type === "end") expect(last).toEqual([]);
            else expect(models.length).toBe(bounds.maxTurns + (bounds.onLimit === "answer" ? 1 : 0));
            break;
          }
          expect(move.type).not.toBe("wait");
          if (move.type === "ask_model") {
            expect(move.key).toBe(`m${tasks.filter((task) => !isToolCall(task)).length}`);
            tasks.push({ key: move.key, status: "dispatched", output: null, error: null });
          }
          if (move.type === "call_tools") {
            expect(move.calls.length).toBeLessThanOrEqual(8);
            for (const { key, call, asks } of move.calls) {
              expect(calledAgain.has(key)).toBe(false);
              calledAgain.add(key);
              expect([search, picture].map((each) => each.input)).toContainEqual(call.input);
              expect(asks).toBe(call.name === "generate_image");
              tasks.push({ key, status: "dispatched", output: null, error: null });
            }
          }
        }
        expect(tasks.filter(isToolCall).length).toBeLessThanOrEqual(bounds.maxCalls);
      }),
      { numRuns: 2000 },
    );
  });

  it("gives each call exactly one result, in the model's order", () => {
    fc.assert(
      fc.property(historyArbitrary, ({ turns, fails, ...bounds }) => {
        const loop = loopWith(bounds);
        const tasks: LoopTask[] = [];
        const asked = turns.slice(0, bounds.maxTurns).filter((calls) => calls.length > 0);
        for (const [turn, calls] of asked.entries()) {
          tasks.push(done(`m${turn}`, answer("", calls)));
          const move = nextMove({ ...loop, maxTurns: 25 }, tasks);
          if (move.type !== "call_tools") continue;
          // They end in another order than they began.
          for (const { key } of [...move.calls].reverse())
            tasks.push(endOf({ key, status: "dispatched", output: null, error: null }, [], fails));
        }
        const { rounds } = transcriptOf(loop, tasks, asked.length);
        for (const [turn, { answer: given, results }] of rounds.entries()) {
          expect(results.map(({ id, name }) => ({ id, name }))).toEqual(
            answerIn(done("m0", given)).calls.map(({ id, name }) => ({ id, name })),
          );
          for (const [index, { text, isError }] of results.entries()) {
            const task = tasks.find(({ key }) => key === `t${turn}.${index}`);
            expect(isError).toBe(task?.status !== "completed");
            if (task) expect(text).toContain(task.key);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("The loop", () => {
  it("ends with the first answer that asks for no tool, and tells how it came about", () => {
    const tasks = [
      done("m0", { ...answer("", [search]), model: "one" }),
      done("t0.0", { results: [] }),
      done("m1", { ...answer("Tea!"), model: "one" }),
    ];
    expect(nextMove(loopWith(), tasks)).toEqual({
      type: "end",
      output: { text: "Tea!", model: "one", turns: 2, tool_calls: 1 },
    });
  });

  it("asks the model again at once where no call may be carried out", () => {
    const tasks = [done("m0", answer("", [{ name: "format_disk", input: {} }]))];
    expect(nextMove(loopWith(), tasks)).toEqual({ type: "ask_model", key: "m1" });
    const [round] = transcriptOf(loopWith(), tasks, 1).rounds;
    expect(round?.results).toEqual([
      { id: "call0", name: "format_disk", text: "There is no tool format_disk", isError: true },
    ]);
  });

  it("tells the model which calls of a turn were too many", () => {
    const tasks = [
      done(
        "m0",
        answer(
          "",
          Array.from({ length: 10 }, () => search),
        ),
      ),
    ];
    const move = nextMove(loopWith({ maxCalls: 5 }), tasks);
    expect(move.type === "call_tools" && move.calls.map(({ key }) => key)).toEqual(
      Array.from({ length: 5 }, (_, index) => `t0.${index}`),
    );
    const results = transcriptOf(loopWith({ maxCalls: 5 }), tasks, 1).rounds[0]?.results ?? [];
    expect(results.slice(5).map(({ text }) => text)).toEqual(
      Array.from({ length: 5 }, () => "Too many calls: this one was not carried out"),
    );
  });

  it("fails when its last turn asks for tools, whose calls are then not carried out", () => {
    const move = nextMove(loopWith({ maxTurns: 1 }), [done("m0", answer("", [search]))]);
    expect(move).toMatchObject({ type: "fail", error: { code: "TOOL_LOOP_LIMIT" } });
  });

  it("or answers once more without any tool", () => {
    const loop = loopWith({ maxTurns: 1, onLimit: "answer" });
    const tasks = [done("m0", answer("", [search])), done("t0.0", { results: [] })];
    expect(nextMove(loop, tasks)).toEqual({ type: "ask_model", key: "m1" });
    expect(transcriptOf(loop, tasks, 1).isLast).toBe(true);
    const words = [...tasks, done("m1", answer("Tea!", [search]))];
    expect(nextMove(loop, words)).toMatchObject({ type: "end", output: { text: "Tea!" } });
    const none = [...tasks, done("m1", answer("", [search]))];
    expect(nextMove(loop, none)).toMatchObject({ type: "fail", error: { code: "TOOL_LOOP_LIMIT" } });
  });

  it("cuts a result of more than 64 KiB between two characters, and says so", () => {
    const tasks = [done("m0", answer("", [search])), done("t0.0", { text: "水".repeat(30_000) })];
    const [result] = transcriptOf(loopWith(), tasks, 1).rounds[0]?.results ?? [];
    const [kept = "", note = ""] = result?.text.split("\n") ?? [];
    expect(new TextEncoder().encode(kept).byteLength).toBeGreaterThan(maxResultBytes - 4);
    expect(new TextEncoder().encode(kept).byteLength).toBeLessThanOrEqual(maxResultBytes);
    expect(kept.endsWith("水")).toBe(true);
    expect(note).toBe("[Cut here: this is the beginning of 90011 bytes.]");
  });

  it("tells the model of no tool that the policy denies", () => {
    const told = transcriptOf(loopWith(), [], 0).tools.map(({ name }) => name);
    expect(told).toEqual(["web_search", "generate_image"]);
  });
});
