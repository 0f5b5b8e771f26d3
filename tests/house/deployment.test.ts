import { expect, it } from "vitest";
import { deploymentCommands } from "#scripts/deployment-commands.ts";

const [events, agents, adapters, gateway] = [
  "workers/events/wrangler.toml",
  "workers/agents/wrangler.toml",
  "workers/adapters/wrangler.toml",
  "wrangler.toml",
];

it("Migrations go before all Workers, and whoever reads before whoever writes", () => {
  expect(deploymentCommands([])).toEqual([
    ["d1", "migrations", "apply", "DB", "--remote", "-c", gateway],
    ...[events, agents, adapters, gateway].map((config) => ["deploy", "-c", config]),
  ]);
});

it("The first time the gateway goes first, with the classes that the others bind", () => {
  expect(deploymentCommands(["--first"]).map((command) => command.at(-1))).toEqual([
    gateway,
    ...[gateway, events, agents, adapters],
  ]);
});

it("A dry run touches no database", () => {
  const commands = deploymentCommands(["--dry-run"]);
  expect(commands.map(([what]) => what)).toEqual(["deploy", "deploy", "deploy", "deploy"]);
  expect(commands.every((command) => command.includes("--dry-run"))).toBe(true);
});
