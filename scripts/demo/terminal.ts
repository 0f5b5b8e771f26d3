import { z } from "zod";
import { LiveTexts, type PlatformEvent } from "#client/index.ts";
import type { SubTask } from "./sub-tasks.ts";

const dim = (text: string) => (process.stdout.isTTY ? `\x1b[2m${text}\x1b[0m` : text);
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);

const fuelSchema = z.object({ budget: z.number(), reserved: z.number(), spent: z.number() });

/** Fuel as a figure: what is spent, and what the tasks at work may still use. */
function fuelFigure(fuel: unknown): string {
  const { data } = fuelSchema.safeParse(fuel);
  if (!data) return "";
  const held = data.reserved > 0 ? `, ${data.reserved} held` : "";
  return ` (fuel ${data.spent} of ${data.budget}${held})`;
}

/** What an event says of the run, in a few words. */
function wordsOf({ data }: PlatformEvent): string {
  const words = ["step" in data ? data.step : "", "status" in data ? data.status : ""];
  return words.filter(Boolean).join(" ") + ("fuel" in data ? fuelFigure(data.fuel) : "");
}

/**
 * Prints a run's events as they come: steps with their sub-tasks, streamed text, fuel.
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
    /** The texts that have been printed. */
    texts,
    line,
    heading: (text: string) => line(`\n${bold(text)}`),
    event(told: PlatformEvent) {
      const text = texts.take(told);
      if (text) {
        process.stdout.write(text.added ?? `\n${text.text}`);
        streaming = true;
        return;
      }
      line(dim(`  ${told.event.padEnd(20)} ${wordsOf(told)}`));
      if (told.event !== "execution.progress") return;
      for (const { name, topic } of subTasks.get(told.data.step) ?? [])
        line(dim(`  ${"".padEnd(20)}   ${name} ${told.data.status} by ${topic}`));
    },
  };
}
