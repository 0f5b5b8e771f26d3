import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";
import { expect, it } from "vitest";
import { z } from "zod";
import { configurationTable } from "#scripts/configuration-table.ts";
import { documentDigest } from "#scripts/document-digest.ts";
import { eventsPage } from "#scripts/events-page.ts";
import { settingsFromEnvironment } from "#scripts/local/options.ts";
import { metricsTable } from "#scripts/metrics-table.ts";
import { operatorConfigurationTable } from "#scripts/operator-configuration-table.ts";
import { conversationSocket } from "#src/chat/live/socket-document.ts";
import { settingsSchema } from "#src/kernel/config.ts";
import { eventCatalogue } from "#src/kernel/event-catalogue.ts";
import { eventDocument } from "#src/realtime/event-document.ts";
import { createApp } from "#workers/gateway/app.ts";
import { openApiDocument } from "#workers/gateway/documents.ts";

const names = z.record(z.string(), z.string());

it("The generated client is of today's OpenAPI document (else: npm run client)", async () => {
  const digest = await documentDigest(JSON.stringify(openApiDocument(createApp())));
  expect(readFileSync("client/src/api-types.ts", "utf8").includes(digest)).toBe(true);
});

it("The README's configuration table is the settings schema's (else: npm run client)", () => {
  expect(readFileSync("README.md", "utf8").includes(configurationTable())).toBe(true);
});

it("The table of docs/operations.md is that of what can be configured (else: npm run client)", () => {
  expect(readFileSync("docs/operations.md", "utf8").includes(operatorConfigurationTable())).toBe(true);
});

it("The table of metrics in docs/operations.md is that of the catalogue (else: npm run client)", () => {
  expect(readFileSync("docs/operations.md", "utf8").includes(metricsTable())).toBe(true);
});

it("The page of events is of today's catalogue (else: npm run client)", () => {
  expect(readFileSync("docs/events.md", "utf8")).toBe(eventsPage());
});

it("The document of events is an AsyncAPI 3 document, without a word of complaint", async () => {
  const document = JSON.stringify(eventDocument("1.0.0", [conversationSocket]));
  const { document: read, diagnostics } = await new Parser().parse(document);
  expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
  const told = read
    ?.operations()
    .get("tell")
    ?.messages()
    .all()
    .map((message) => message.name());
  expect(told).toEqual(expect.arrayContaining(Object.keys(eventCatalogue)));
});

it("Every setting of that table can be set in the environment of npm start, but for those it sets itself", () => {
  const named = Object.entries(settingsSchema.shape)
    .filter(([, { description }]) => !description?.includes("`npm start`"))
    .map(([name]) => name);
  const handedOn = settingsFromEnvironment(Object.fromEntries(named.map((name) => [name, "given"])));
  expect(Object.keys(handedOn).sort()).toEqual(named.sort());
  expect(settingsFromEnvironment({ ENVIRONMENT: "production", TRUST_CLIENT_IP: "true" })).toEqual({});
});

it("The README's table of dependencies has each that there is, and no other", () => {
  const { dependencies, devDependencies } = z
    .object({ dependencies: names, devDependencies: names })
    .parse(JSON.parse(readFileSync("package.json", "utf8")));
  const [, table = ""] = readFileSync("README.md", "utf8").split("## Dependencies, and what each is for");
  const rows = table.split("\n## ")[0]?.matchAll(/^\| ([^|]+) \|/gm) ?? [];
  const named = [...rows].slice(1).flatMap(([, row = ""]) => (row.startsWith("-") ? [] : row.split(", ")));
  expect(named.sort()).toEqual([...Object.keys(dependencies), ...Object.keys(devDependencies)].sort());
});

it("The README's commands exist", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const named = [...readFileSync("README.md", "utf8").matchAll(/npm (?:run )?([a-z][a-z:-]*)/g)].flatMap(
    ([, name]) => name ?? [],
  );
  const missing = [...new Set(named)].filter(
    (name) => !(name in scripts) && !["start", "test", "install", "ci"].includes(name),
  );
  expect(missing).toEqual([]);
});
