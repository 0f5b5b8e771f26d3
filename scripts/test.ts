import { spawnSync } from "node:child_process";

/** `npm test`: types, format and lint, then every test. Ends at the first that fails. */
const steps: [string, string[]][] = [
  ["tsc", ["--noEmit"]],
  ["tsc", ["-p", "console"]],
  ["biome", ["ci", "."]],
  [
    "vitest",
    [
      "run",
      "--reporter=default",
      "--reporter=./tests/support/closing-line.ts",
      "--reporter=./tests/support/silence.ts",
      ...process.argv.slice(2),
    ],
  ],
];

for (const [command, parameters] of steps) {
  console.log(`\n> ${command} ${parameters.join(" ")}`);
  const { status } = spawnSync(`node_modules/.bin/${command}`, parameters, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
