import type { Frame } from "./live-run.ts";

const dim = (text: string) => (process.stdout.isTTY ? `\x1b[2m${text}\x1b[0m` : text);
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);

/** Prints a run's frames as they come: steps, streamed text, fuel. */
export function livePrinter() {
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
      if (typeof data.delta === "string") {
        process.stdout.write(data.delta);
        streaming = true;
        return;
      }
      const fuel = typeof data.fuel === "object" && data.fuel ? ` fuel ${JSON.stringify(data.fuel)}` : "";
      const step = [data.step, data.status].filter(Boolean).join(" ");
      line(dim(`  ${event.padEnd(20)} ${step}${fuel}`));
    },
  };
}
