import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createApp } from "#workers/gateway/app.ts";
import { openApiDocument } from "#workers/gateway/documents.ts";
import { meantPath } from "#workers/gateway/older-paths.ts";

const table = readFileSync("docs/coming-from-the-older-chat.md", "utf8");
const named = [...table.matchAll(/^\| `([A-Z]+) (\/api\/\S+)` \|/gm)].map(([, method = "", path = ""]) => ({
  method,
  path,
}));

const nameless = (path: string) => path.replaceAll(/:[a-z]+|\{[^}]+\}/g, "{}");

const { paths = {} } = openApiDocument(createApp());
const offered = new Set(
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${nameless(path)}`),
  ),
);

it("The table of the older chat's routes has all of them", () => {
  expect(named).toHaveLength(16);
});

it.each(named)("$method $path of the older chat is there", ({ method, path }) => {
  const meant = meantPath(new Request(`http://platform.test${path}`, { method }));
  expect([...offered]).toContain(`${method} ${nameless(meant)}`);
});
