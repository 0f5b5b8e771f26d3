import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { settingsSchema } from "#src/kernel/config.ts";

const bindingSchema = z.looseObject({ binding: z.string().optional(), name: z.string().optional() });
const configSchema = z.looseObject({
  d1_databases: z.array(bindingSchema).default([]),
  kv_namespaces: z.array(bindingSchema).default([]),
  r2_buckets: z.array(bindingSchema).default([]),
  ratelimits: z.array(bindingSchema).default([]),
  assets: bindingSchema.optional(),
  durable_objects: z.looseObject({ bindings: z.array(bindingSchema) }).optional(),
});

/** Names of what a wrangler file binds but for queues, which are held against their table (queues.test.ts). */
function boundIn(path: string): string[] {
  const config = configSchema.parse(parse(readFileSync(path, "utf8")));
  const entries = [
    ...config.d1_databases,
    ...config.kv_namespaces,
    ...config.r2_buckets,
    ...config.ratelimits,
    ...(config.assets ? [config.assets] : []),
    ...(config.durable_objects?.bindings ?? []),
  ];
  return entries.flatMap(({ binding, name }) => binding ?? name ?? []).sort();
}

/** Names that a Worker's `Env` types, read from the source; text settings aside. */
const typedIn = (...paths: string[]): string[] => {
  const names = paths.flatMap((path) => [
    ...readFileSync(path, "utf8").matchAll(/^ {2}([A-Z][A-Z0-9_]+)(?=: )|"([A-Z][A-Z0-9_]+)"/gm),
  ]);
  return [...new Set(names.flatMap(([, field, picked]) => field ?? picked ?? []))]
    .filter((name) => !(name in settingsSchema.shape))
    .sort();
};

describe("A Worker's Env types what its wrangler file binds besides queues, and nothing else", () => {
  it.each([
    ["gateway", "wrangler.toml", ["workers/gateway/env.ts"]],
    ["objects", "workers/objects/wrangler.toml", ["src/object-platform.ts", "src/objects/objects.ts"]],
    ["agents", "workers/agents/wrangler.toml", ["workers/agents/index.ts"]],
    ["adapters", "workers/adapters/wrangler.toml", ["workers/adapters/index.ts"]],
    ["documents", "workers/documents/wrangler.toml", ["workers/documents/index.ts"]],
    ["events", "workers/events/wrangler.toml", ["workers/events/index.ts"]],
  ])("%s", (_, config, sources) => {
    expect(typedIn(...sources).filter((name) => !name.includes("ERROR"))).toEqual(boundIn(config));
  });
});
