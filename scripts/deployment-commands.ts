import { workerConfigs } from "./local/worker-configs.ts";

const { sandbox: _, gateway, ...consumers } = workerConfigs;

/**
 * What `wrangler` is told, in order. Migrations only expand, so the Workers that are there go on with them; then the
 * consumers, which read what the objects and the gateway of this release say; then the gateway, which hosts the objects.
 * @param options `--first`: nothing is there yet, and the consumers bind classes that the gateway brings; `--dry-run`
 */
export function deploymentCommands(options: readonly string[]): string[][] {
  const isFirst = options.includes("--first");
  const passedOn = options.filter((option) => option !== "--first");
  const readers = [consumers.events, consumers.agents, consumers.adapters];
  const workers = isFirst ? [gateway, ...readers] : [...readers, gateway];
  const migrations = passedOn.includes("--dry-run")
    ? []
    : [["d1", "migrations", "apply", "DB", "--remote", "-c", gateway]];
  return [...migrations, ...workers.map((config) => ["deploy", "-c", config, ...passedOn])];
}
