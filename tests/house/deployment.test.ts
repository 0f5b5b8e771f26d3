import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { deploymentCommands } from "#scripts/deployment-commands.ts";
import { writeMovingConfigs } from "#scripts/move-objects.ts";

const [events, agents, adapters, objects, gateway] = [
  "workers/events/wrangler.toml",
  "workers/agents/wrangler.toml",
  "workers/adapters/wrangler.toml",
  "workers/objects/wrangler.toml",
  "wrangler.toml",
];

const order = (...[options, moving]: Parameters<typeof deploymentCommands>) =>
  deploymentCommands(options, moving).map((command) => command.at(-1));

it("Migrations go before all Workers, and whoever reads before whoever writes", () => {
  expect(deploymentCommands([])).toEqual([
    ["d1", "migrations", "apply", "DB", "--remote", "-c", gateway],
    ...[events, agents, adapters, objects, gateway].map((config) => ["deploy", "-c", config]),
  ]);
});

it("The first time the objects go first, with the classes that the others bind", () => {
  expect(order(["--first"])).toEqual([gateway, objects, events, agents, adapters, gateway]);
});

it("A dry run touches no database", () => {
  const commands = deploymentCommands(["--dry-run"]);
  expect(commands.map(([what]) => what)).toEqual(["deploy", "deploy", "deploy", "deploy", "deploy"]);
  expect(commands.every((command) => command.includes("--dry-run"))).toBe(true);
});

describe("An installation of 0.1, whose gateway hosts the Durable Object classes", () => {
  const directory = mkdtempSync(join(tmpdir(), "persona-moving-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const moving = writeMovingConfigs(directory);
  const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

  it("gets its consumers first, bound to the classes where they are, and then where they have gone", () => {
    expect(order(["--from-0.1"], moving)).toEqual([
      gateway,
      ...moving.readers,
      moving.objects,
      gateway,
      ...[events, agents, adapters],
    ]);
    const bound = moving.readers.flatMap((path) => read(path).durable_objects.bindings);
    expect(new Set(bound.map(({ script_name }) => script_name))).toEqual(new Set(["persona-gateway"]));
  });

  it("gives every class to the objects' Worker with what it holds, once", () => {
    const classes = ["TenantWorkflows", "TenantHub", "AccessGate", "CircuitBreaker"];
    expect(read(moving.objects).migrations).toEqual([
      {
        tag: "v1",
        transferred_classes: classes.map((name) => ({
          from: name,
          from_script: "persona-gateway",
          to: name,
        })),
      },
    ]);
    // The tag under which a new installation makes them, so that later deployments neither make nor move anything.
    expect(readFileSync(objects, "utf8").match(/^tag = .*/gm)).toEqual(['tag = "v1"']);
  });
});
