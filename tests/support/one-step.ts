import { plan } from "./plans.ts";
import type { scripted } from "./scripted-upstream.ts";
import { deliver, startedTask } from "./tasks.ts";

const inputs = {
  ai_text_generate: { prompt: "About the azure heron" },
  web_search: { query: "azure heron" },
  ai_image_generate: { prompt: "An azure heron" },
} as const;

let tenants = 0;

/** Starts a run of one step and has it done once, against answers made by hand. */
export async function oneStep(
  action: keyof typeof inputs,
  asked: ReturnType<typeof scripted>,
  {
    step = {},
    input = {},
    settings = {},
  }: { step?: object; input?: object; settings?: Record<string, string> } = {},
) {
  const work = { action, input: { ...inputs[action], ...input }, ...step };
  const started = await startedTask(`one_step_${tenants++}`, plan("work", { work }));
  const worker = action === "ai_text_generate" ? "agents" : "adapters";
  const again = (attempt = 1) =>
    deliver(worker, [started.envelope("work", "main", attempt)], asked, settings);
  const { result } = await again();
  return { ...started, result, again, run: await started.view() };
}
