import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import { workerConfigs } from "./local/worker-configs.ts";
import { spreadQueues } from "./spread-queues.ts";

const configSchema = z.looseObject({
  vars: z.record(z.string(), z.unknown()).default({}),
  queues: z.unknown(),
});

const read = (path: string) => configSchema.parse(parse(readFileSync(path, "utf8")));

/** `QUEUE_NUMBERS` of the installation: it stands among the gateway's variables, and every Worker is given it. */
function queueNumbersOf(path: string): string | undefined {
  return z.string().optional().parse(read(path).vars.QUEUE_NUMBERS);
}

/**
 * The configuration that a Worker is deployed with: its wrangler file, or, where `QUEUE_NUMBERS` asks for several
 * queues of a name, one beside it that has them all.
 * @param path of the Worker's wrangler file
 * @param gateway path of the gateway's
 */
export function spreadConfig(path: string, gateway: string = workerConfigs.gateway): string {
  const QUEUE_NUMBERS = queueNumbersOf(gateway);
  if (QUEUE_NUMBERS === undefined) return path;
  const { vars, queues, ...config } = read(path);
  // Beside it, because its paths are relative to where it stands.
  const spread = join(dirname(path), "wrangler.spread.json");
  const whole = { ...config, vars: { ...vars, QUEUE_NUMBERS }, queues: spreadQueues(queues, QUEUE_NUMBERS) };
  writeFileSync(spread, JSON.stringify(whole, null, 2));
  return spread;
}
