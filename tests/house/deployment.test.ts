import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "smol-toml";
import { afterAll, describe, expect, it } from "vitest";
import { deploymentCommands, type MovingConfigs } from "#scripts/deployment-commands.ts";
import { writeMovingConfigs } from "#scripts/move-objects.ts";
import { writeObjectsAlone } from "#scripts/objects-alone.ts";

const [events, agents, adapters, documents, objects, gateway] = [
  "workers/events/wrangler.toml",
  "workers/agents/wrangler.toml",
  "workers/adapters/wrangler.toml",
  "workers/documents/wrangler.toml",
  "workers/objects/wrangler.toml",
  "wrangler.toml",
];

const directory = mkdtempSync(join(tmpdir(), "persona-deploying-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const objectsAlone = writeObjectsAlone(directory);

const order = (options: readonly string[], moving?: MovingConfigs) =>
  deploymentCommands(options, { objectsAlone, moving }).map((command) => command.at(-1));

it("Migrations go before all Workers, and whoever reads before whoever writes", () => {
  expect(deploymentCommands([], { objectsAlone })).toEqual([
    ["d1", "migrations", "apply", "DB", "--remote", "-c", gateway],
    ["d1", "migrations", "apply", "COMMERCE_DB", "--remote", "-c", gateway],
    ...[events, agents, adapters, documents, objects, gateway].map((config) => ["deploy", "-c", config]),
  ]);
});

it("The first time the objects go first, with the classes that the others bind", () => {
  expect(order(["--first"])).toEqual([
    gateway,
    gateway,
    objectsAlone,
    ...[events, agents, adapters, documents],
    gateway,
    objects,
  ]);
});

describe("The objects' hubs ask the gateway, which binds the objects in turn", () => {
  const whole = parse(readFileSync(objects, "utf8"));

  it("by entrypoints that it has", () => {
    expect(whole.services).toEqual([
      { binding: "SOCKET_CALLS", service: "persona-gateway", entrypoint: "SocketCalls" },
      { binding: "TOOL_CALLS", service: "persona-gateway", entrypoint: "ToolCalls" },
    ]);
    const exported = readFileSync("workers/gateway/index.ts", "utf8");
    for (const entrypoint of ["SocketCalls", "ToolCalls"])
      expect(exported).toContain(`export { ${entrypoint} }`);
    expect(parse(readFileSync(gateway, "utf8")).name).toBe("persona-gateway");
  });

  it("and are deployed alone where there is no gateway yet, with everything else, from wherever the file is", () => {
    const { services: _, main, ...rest } = whole;
    expect(parse(readFileSync(objectsAlone, "utf8"))).toEqual({
      ...rest,
      main: join(process.cwd(), "workers/objects", String(main)),
    });
  });
});

it("A dry run touches no database", () => {
  const commands = deploymentCommands(["--dry-run"], { objectsAlone });
  expect(commands.map(([what]) => what)).toEqual(Array(6).fill("deploy"));
  expect(commands.every((command) => command.includes("--dry-run"))).toBe(true);
});

describe("An installation of 0.1, whose gateway hosts the Durable Object classes", () => {
  const moving = writeMovingConfigs(directory);
  const classes = ["TenantWorkflows", "TenantHub", "AccessGate", "CircuitBreaker"];
  const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

  it("gets its consumers first, bound to the classes where they are, and then where they have gone", () => {
    expect(order(["--from-0.1"], moving)).toEqual([
      gateway,
      gateway,
      ...moving.readers,
      moving.objects,
      gateway,
      ...[events, agents, adapters, documents],
      objects,
    ]);
    const bound = moving.readers.flatMap((path) => read(path).durable_objects.bindings);
    expect(new Set(bound.map(({ script_name }) => script_name))).toEqual(new Set(["persona-gateway"]));
    // What 0.1 does not have can be bound once the objects' Worker has made it.
    expect(bound.map(({ class_name }) => class_name).filter((name) => !classes.includes(name))).toEqual([]);
  });

  it("has no hub that asks the gateway of 0.1, which would not understand", () => {
    expect(read(moving.objects)).not.toHaveProperty("services");
  });

  it("gives every class to the objects' Worker with what it holds, once", () => {
    expect(read(moving.objects).migrations[0]).toEqual({
      tag: "v1",
      transferred_classes: classes.map((name) => ({
        from: name,
        from_script: "persona-gateway",
        to: name,
      })),
    });
    // By the tags under which a new installation makes them, so that later deployments neither make nor move anything.
    const tags = (migrations: { tag: string }[]) => migrations.map(({ tag }) => tag);
    const own = readFileSync(objects, "utf8").match(/(?<=^tag = ").*(?=")/gm);
    expect(tags(read(moving.objects).migrations)).toEqual(own);
  });

  it("makes the classes that it has not had", () => {
    const { durable_objects, migrations } = read(moving.objects);
    const [, ...later] = migrations;
    const made = later.flatMap(
      ({ new_sqlite_classes }: { new_sqlite_classes: string[] }) => new_sqlite_classes,
    );
    const bound: { class_name: string }[] = durable_objects.bindings;
    expect(bound.map(({ class_name }) => class_name)).toEqual([...classes, ...made]);
  });
});
