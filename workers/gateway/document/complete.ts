import type { OpenAPIHono } from "@hono/zod-openapi";
import { exampleOf } from "./examples.ts";
import { isSchema, type JsonSchema, listIn, schemaIn, schemasIn } from "./json-schema.ts";
import { nameOf } from "./operation-names.ts";
import { words } from "./words.ts";

type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

const methods = ["get", "post", "put", "patch", "delete"] as const;

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/**
 * Says what routes need not repeat: a short name and a full description of every operation, that public ones need no
 * token, what every property and parameter is, and an example of every body.
 */
export function completeDocument(document: OpenApiDocument): void {
  for (const schema of schemasIn(document.components?.schemas)) describeProperties(schema);
  for (const schema of schemasIn(document.paths)) describeProperties(schema);
  for (const schema of schemasIn(document.webhooks)) describeProperties(schema);
  const named = schemasOf(document);
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of methods.flatMap((method) => item[method] ?? [])) {
      const { summary = "", description, operationId = "" } = operation;
      operation.description = [summary, description ?? []].flat().map(sentence).join(" ");
      operation.summary = nameOf(operationId);
      operation.security ??= [];
      for (const parameter of operation.parameters ?? []) {
        if ("name" in parameter) parameter.description ??= words[parameter.name.toLowerCase()];
      }
      for (const answer of [operation.requestBody, ...successesOf(operation.responses)]) {
        for (const media of Object.values(schemaIn(schemaIn(answer).content))) giveExample(media, named);
      }
    }
  }
}

const schemasOf = (document: OpenApiDocument): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(document.components?.schemas ?? {}).filter((entry): entry is [string, JsonSchema] =>
      isSchema(entry[1]),
    ),
  );

const successesOf = (responses: object | undefined): unknown[] =>
  Object.entries(responses ?? {}).flatMap(([status, answer]) => (status.startsWith("2") ? [answer] : []));

function describeProperties({ properties }: JsonSchema): void {
  for (const [name, property] of Object.entries(schemaIn(properties))) {
    // A part of a schema that says no more than its type may be shared: told here, it is told everywhere.
    if (isSchema(property) && words[name] !== undefined)
      property.description ??= descriptionOf(property) ?? words[name];
  }
}

/** What an alternative says of itself: `nullable` puts the schema with its description among them. */
const descriptionOf = ({ anyOf, allOf }: JsonSchema): unknown =>
  [...listIn(anyOf), ...listIn(allOf)].find(({ description }) => description !== undefined)?.description;

function giveExample(media: unknown, named: Record<string, JsonSchema>): void {
  if (!isSchema(media) || media.example !== undefined || !isSchema(media.schema)) return;
  media.example = exampleOf(media.schema, named);
}
