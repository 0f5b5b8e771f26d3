import { z } from "zod";
import { LiveTexts } from "#src/realtime/index.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";
import type { Frame } from "./live-run.ts";
import type { SubTask } from "./sub-tasks.ts";

const dim = (text: string) => (process.stdout.isTTY ? `\x1b[2m${text}\x1b[0m` : text);
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);

const fuelSchema = z.object({ budget: z.number(), reserved: z.number(), spent: z.number() });

/** Fuel as a figure: what is spent, and what the tasks at work may still use. */
function fuelFigure(fuel: unknown): string {
  const { success, data } = fuelSchema.safeParse(fuel);
  if (!success) return "";
  const held = data.reserved > 0 ? `, ${data.reserved} held` : "";
  return ` (fuel ${data.spent} of ${data.budget}${held})`;
}

/**
 * Prints a run's frames as they come: steps with their sub-tasks, streamed text, fuel.
 * @param subTasks of each step, by its name: a step tells of them together
 */
export function livePrinter(subTasks: ReadonlyMap<string, readonly SubTask[]>) {
  const texts = new LiveTexts();
  let streaming = false;
  const line = (text: string) => {
    if (streaming) process.stdout.write("\n");
    streaming = false;
    console.log(text);
  };
  return {
    line,
    heading: (text: string) => line(`\n${bold(text)}`),
    frame({ event = "", data = {} }: Frame) {
      const before = texts.of(String(data.task_id));
      const text = texts.take({ event, data });
      if (text) {
        process.stdout.write(withoutPrefix(texts.of(text.taskId), before));
        streaming = true;
        return;
      }
      const step = [data.step, data.status].filter(Boolean).join(" ");
      line(dim(`  ${event.padEnd(20)} ${step}${fuelFigure(data.fuel)}`));
      for (const { name, topic } of subTasks.get(String(data.step)) ?? [])
        line(dim(`  ${"".padEnd(20)}   ${name} ${data.status} by ${topic}`));
    },
  };
}
