import { workerConfigs } from "./local/worker-configs.ts";

const { sandbox: _, gateway, objects, ...consumers } = workerConfigs;
const readers = [consumers.events, consumers.agents, consumers.adapters, consumers.documents];

/** How a deployment finds the account: nothing is there yet, an installation of 0.1, or one of a later release. */
const origins = ["--first", "--from-0.1"] as const;

/** The wrangler files that move the objects out of the gateway of 0.1 (move-objects.ts). */
export interface MovingConfigs {
  /** Of a consumer, with the classes bound where 0.1 has them. */
  readers: readonly string[];
  /** Of the objects' Worker, which takes the classes over. */
  objects: string;
}

/** The wrangler files of one deployment only, beside those that stay. */
export interface PassingConfigs {
  /** Of the objects' Worker before there is a gateway that it could ask (objects-alone.ts). */
  objectsAlone: string;
  moving?: MovingConfigs;
}

/** Whether the objects have to be moved. */
export const isMove = (options: readonly string[]): boolean => options.includes("--from-0.1");

/**
 * What `wrangler` is told, in order. Migrations only expand, so the Workers that are there go on with them; then the
 * consumers, which read what the objects and the gateway of this release say; then the objects, then the gateway that
 * asks them. The first time the objects go first, since nobody can bind classes that are not there. When they move,
 * the consumers go first with the classes bound as before, which leads to wherever they are, and are bound anew at the end.
 * Both times the objects go once more when there is a gateway for their hubs to ask.
 * @param options `--first`, `--from-0.1`; `--dry-run` and whatever else wrangler is to be told
 */
export function deploymentCommands(
  options: readonly string[],
  { objectsAlone, moving }: PassingConfigs,
): string[][] {
  const passedOn = options.filter((option) => !origins.some((origin) => origin === option));
  const migrations = passedOn.includes("--dry-run")
    ? []
    : ["DB", "COMMERCE_DB"].map((database) => [
        ...["d1", "migrations", "apply", database],
        ...["--remote", "-c", gateway],
      ]);
  const order = () => {
    if (moving) return [...moving.readers, moving.objects, gateway, ...readers, objects];
    return options.includes("--first")
      ? [objectsAlone, ...readers, gateway, objects]
      : [...readers, objects, gateway];
  };
  return [...migrations, ...order().map((config) => ["deploy", "-c", config, ...passedOn])];
}
