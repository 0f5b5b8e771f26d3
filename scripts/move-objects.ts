import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import type { MovingConfigs } from "./deployment-commands.ts";
import { workerConfigs } from "./local/worker-configs.ts";

const { events, agents, adapters, objects } = workerConfigs;

/** The Worker that hosts the Durable Object classes in 0.1. */
const formerHost = "persona-gateway";

const configSchema = z.looseObject({
  name: z.string(),
  main: z.string(),
  durable_objects: z.looseObject({ bindings: z.array(z.looseObject({ class_name: z.string() })) }),
  migrations: z
    .array(z.looseObject({ tag: z.string(), new_sqlite_classes: z.array(z.string()).optional() }))
    .optional(),
});
type Config = z.infer<typeof configSchema>;

/** The tag under which the classes of 0.1 are made where there is nothing yet. */
const formerTag = "v1";

const read = (source: string): Config => configSchema.parse(parse(readFileSync(source, "utf8")));

/** The classes of 0.1. Those that came later are made by the objects' Worker, and nobody can bind them before. */
const formerClasses = (): readonly string[] =>
  read(objects).migrations?.find(({ tag }) => tag === formerTag)?.new_sqlite_classes ?? [];

const boundAsBefore = (config: Config): Config => ({
  ...config,
  durable_objects: {
    bindings: config.durable_objects.bindings
      .filter(({ class_name }) => formerClasses().includes(class_name))
      .map((binding) => ({ ...binding, script_name: formerHost })),
  },
});

/**
 * Under the same tag as the classes have when they are made here, so that the next deployment has nothing left to do; and
 * without what its hubs ask of the gateway, which that of 0.1 does not have.
 */
const takingOver = ({ services: _, ...config }: Config): Config => ({
  ...config,
  migrations: config.migrations?.map((migration) =>
    migration.tag === formerTag
      ? {
          tag: formerTag,
          transferred_classes: formerClasses().map((name) => ({
            from: name,
            from_script: formerHost,
            to: name,
          })),
        }
      : migration,
  ),
});

/**
 * Writes the wrangler files of a deployment that moves the Durable Object classes of 0.1 out of the gateway, with all
 * that they hold.
 * @param directory where the files go
 */
export function writeMovingConfigs(directory: string): MovingConfigs {
  const write = (source: string, change: (config: Config) => Config): string => {
    const config = read(source);
    const path = join(directory, `${basename(dirname(source))}.json`);
    writeFileSync(path, JSON.stringify(change({ ...config, main: resolve(dirname(source), config.main) })));
    return path;
  };
  return {
    readers: [events, agents, adapters].map((source) => write(source, boundAsBefore)),
    objects: write(objects, takingOver),
  };
}
