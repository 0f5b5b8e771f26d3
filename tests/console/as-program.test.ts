import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { asCurl, asTypeScript } from "#console/pages/run/as-program.ts";

const run = { instance_id: "01a1da8d-51dd-743b-811a-85cf9b4e7964", input: { topic: "Ada's $HOME `tea`" } };

it("A run copied as a shell command says what it was given, whatever a shell would make of it", () => {
  const told = execFileSync(
    "sh",
    ["-c", asCurl(run, "https://personas.example").replace(/^curl/, "printf '%s\\n'")],
    {
      encoding: "utf8",
      env: { TOKEN: "t" },
    },
  ).split("\n");
  expect(told).toContain(`https://personas.example/api/v1/personas/instances/${run.instance_id}/execute`);
  expect(told).toContain("Authorization: Bearer t");
  expect(told).toContain(JSON.stringify({ input: run.input }));
});

it("A run copied as a module executes its persona with its input", () => {
  const text = asTypeScript(run, "https://personas.example");
  expect(text).toContain(
    `runs.execute("${run.instance_id}", ${JSON.stringify({ input: run.input }, null, 2)})`,
  );
  expect(text).toContain('baseUrl: "https://personas.example", token: process.env.TOKEN');
});
