import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Schema, Validator } from "@cfworker/json-schema";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createApp } from "#workers/gateway/app.ts";
import { isSchema, schemaIn, schemasIn } from "#workers/gateway/document/json-schema.ts";
import { openApiDocument } from "#workers/gateway/documents.ts";

const document: unknown = JSON.parse(JSON.stringify(openApiDocument(createApp())));
const folder = mkdtempSync(join(tmpdir(), "openapi-"));
const file = join(folder, "openapi.json");
writeFileSync(file, JSON.stringify(document));
afterAll(() => rmSync(folder, { recursive: true }));

/** No telemetry, and no look for newer versions. */
const quiet = {
  ...process.env,
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
};

const problemSchema = z.object({ ruleId: z.string(), message: z.string(), location: z.unknown() });

/** OpenAPI cannot say that a WebSocket's success is 101. */
const aboutSocket = (where: string) => /(?:\/|~1)ws\/get\/responses/.test(where);

/** The output of a linter, which ends with 1 when it has found something. */
function lint(command: string, parameters: string[]): string {
  try {
    return execFileSync(`node_modules/.bin/${command}`, parameters, {
      env: quiet,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch (error) {
    return z.object({ stdout: z.string() }).parse(error).stdout;
  }
}

describe("The OpenAPI document", () => {
  it("has no problem that redocly knows of", () => {
    const config = "--config=tools/api-lint/redocly.yaml";
    const { problems } = z
      .object({ problems: z.array(problemSchema) })
      .parse(JSON.parse(lint("redocly", ["lint", file, config, "--format=json"])));
    const found = problems.map(
      ({ ruleId, message, location }) => `${ruleId}: ${message} ${JSON.stringify(location)}`,
    );
    expect(found.filter((problem) => !(problem.startsWith("operation-2xx") && aboutSocket(problem)))).toEqual(
      [],
    );
  }, 60_000);

  it("has no problem that spectral knows of", () => {
    const parameters = ["lint", file, "-r", "tools/api-lint/spectral.yaml", "-f", "json"];
    const found = z
      .array(
        z.object({ code: z.string(), message: z.string(), path: z.array(z.union([z.string(), z.number()])) }),
      )
      .parse(JSON.parse(lint("spectral", parameters)))
      .map(({ code, message, path }) => `${code}: ${message} ${path.join("/")}`);
    expect(
      found.filter((problem) => !(problem.startsWith("operation-success") && aboutSocket(problem))),
    ).toEqual([]);
  }, 60_000);

  it("says what every property, parameter and answer is", () => {
    const silent = [...schemasIn(document)].flatMap(({ properties }) =>
      Object.entries(schemaIn(properties))
        .filter(([, property]) => isSchema(property) && property.description === undefined)
        .map(([name]) => name),
    );
    expect([...new Set(silent)]).toEqual([]);
    expect(
      operations.flatMap(({ operationId, parameters }) =>
        parameters.filter(({ description }) => !description).map(({ name }) => `${operationId}: ${name}`),
      ),
    ).toEqual([]);
    for (const { operationId, responses } of operations) {
      for (const { description } of Object.values(responses)) expect(description, operationId).not.toBe("");
    }
  });

  it("has nothing that is to be null and something with a name at once", () => {
    const torn = [...everySchema(document)].filter(({ allOf }) => JSON.stringify(allOf)?.includes('"null"'));
    expect(torn).toEqual([]);
  });

  it("names every operation shortly, by a name of its own", () => {
    for (const { summary, description } of operations) {
      expect(summary.length).toBeLessThan(50);
      expect(description).toMatch(/[.!?]$/);
    }
    expect(new Set(operations.map(({ summary }) => summary)).size).toBe(operations.length);
  });

  it("has an example of every body and every success, which its schema accepts", () => {
    const refused = bodies.flatMap(({ at, media }) => {
      const [first] =
        media.example === undefined ? [{ error: "none" }] : problemsOf(media.schema, media.example);
      return first ? [`${at}: ${first.error}`] : [];
    });
    expect(refused).toEqual([]);
  });

  it("has in its schemas no example that they do not accept", () => {
    const examples = [...everySchema(document)].filter(({ example }) => example !== undefined);
    expect(examples.length).toBeGreaterThan(50);
    const refused = examples.flatMap((schema) => {
      const [first] = problemsOf(schema, schema.example);
      return first ? [`${JSON.stringify(schema.example)}: ${first.error}`] : [];
    });
    expect(refused).toEqual([]);
  });

  it("lists every error code", () => {
    const { Error: error } = named;
    expect(JSON.stringify(error)).toContain('"enum":["VALIDATION_ERROR"');
  });
});

const mediaSchema = z.object({ schema: z.record(z.string(), z.unknown()), example: z.unknown() });
const contentSchema = z.object({
  description: z.string().optional(),
  content: z.record(z.string(), mediaSchema.partial()).optional(),
});
const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string(),
  description: z.string(),
  deprecated: z.boolean().optional(),
  parameters: z.array(z.object({ name: z.string(), description: z.string().optional() })).default([]),
  requestBody: contentSchema.optional(),
  responses: z.record(z.string(), contentSchema),
});
const parsed = z
  .object({
    paths: z.record(z.string(), z.record(z.string(), operationSchema)),
    components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
  })
  .parse(document);
const named = parsed.components.schemas;
const operations = Object.entries(parsed.paths).flatMap(([path, item]) =>
  Object.values(item).map((operation) => ({ ...operation, path })),
);
const bodies = operations.flatMap(({ operationId, requestBody, responses }) =>
  [
    ["body", requestBody] as const,
    ...Object.entries(responses).filter(([status]) => /^2/.test(status)),
  ].flatMap(([status, answer]) =>
    Object.entries(answer?.content ?? {}).map(([type, media]) => ({
      at: `${operationId} ${status} ${type}`,
      media,
    })),
  ),
);

/** A part of the document as a validator reads it: references where it looks for them, no examples, whose ids it takes for its own. */
const standing = (part: unknown): Schema =>
  schemaIn(
    JSON.parse(
      JSON.stringify(part, (key, value) => (key === "example" ? undefined : value)).replaceAll(
        "#/components/schemas/",
        "#/$defs/",
      ),
    ),
  );
const $defs = standing(named);

const problemsOf = (schema: unknown, value: unknown) =>
  new Validator({ ...standing(schema), $defs }, "2020-12", false).validate(value).errors;

function* everySchema(part: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(part)) for (const entry of part) yield* everySchema(entry);
  if (!isSchema(part)) return;
  if (part.type !== undefined || part.anyOf !== undefined) yield part;
  for (const [key, value] of Object.entries(part)) {
    if (!["example", "examples", "default", "const", "enum"].includes(key)) yield* everySchema(value);
  }
}
