import { dereference, type Schema, validate } from "@cfworker/json-schema";
import { z } from "zod";
import { meantPath } from "#workers/gateway/older-paths.ts";
import { closedSchema, type JsonSchema } from "./closed-schema.ts";

const schemaSchema = z.record(z.string(), z.unknown());

const responseSchema = z.object({
  headers: z.record(z.string(), z.object({ required: z.boolean().optional() })).optional(),
  content: z.record(z.string(), z.object({ schema: schemaSchema.optional() })).optional(),
});

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), schemaSchema) }),
});

const operationSchema = z.object({
  operationId: z.string(),
  responses: z.record(z.string(), responseSchema),
});

type Responses = z.infer<typeof operationSchema>["responses"];

interface DocumentedOperation {
  id: string;
  method: string;
  pattern: RegExp;
  parameters: number;
  responses: Responses;
}

const pages =
  /^\/(?:openapi\.json|api\/(?:docs|events\.json)|swagger(?:\/|$)|assets\/|dev\/|socket\.io\/$|ws(?:\/ticket)?$|$)/;
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const patternOf = (path: string) =>
  new RegExp(
    `^${path
      .split(/\{[^}]+\}/)
      .map(escaped)
      .join("[^/]+")}$`,
  );
const essenceOf = (contentType: string) => contentType.split(";")[0]?.trim().toLowerCase() ?? "";

/** A request's method and path, and what came back. */
interface Exchange {
  method: string;
  path: string;
  response: Response;
}

interface Verdict {
  /** The operation that was asked for, if the document has it. */
  operationId: string | undefined;
  /** What the document does not say; empty when all is as it should be. */
  problems: string[];
  /** The response, still to be read. */
  response: Response;
}

export type Judge = (exchange: Exchange) => Promise<Verdict>;

/** The response, if it is one that the document promises; throws otherwise. */
export async function conforming(
  judge: Judge,
  method: string,
  url: string,
  answer: Response,
): Promise<Response> {
  const path = meantPath(new Request(url, { method }));
  const { problems, response } = await judge({ method, path, response: answer });
  if (problems.length === 0) return response;
  throw new Error(
    `Not as the OpenAPI document has it: ${method} ${path} → ${answer.status}: ${problems.join("; ")}`,
  );
}

/**
 * Holds responses against an OpenAPI document: is the status documented for the
 * operation, is the content type, and does the body satisfy the schema, without
 * properties that the schema does not name?
 */
export function conformanceOf(source: unknown): Judge {
  const document = documentSchema.parse(source);
  const operations = operationsOf(document);
  const root = { $defs: definitionsOf(document, operations) };
  const lookup = dereference(root);

  const problemsOf = (name: string, text: string): string[] => {
    const schema: Schema | undefined = root.$defs[name];
    if (!schema) return [];
    const value = parsed(text);
    if (value === undefined) return ["the body is not JSON"];
    const { valid, errors } = validate(value.json, schema, "2020-12", lookup, false);
    return valid ? [] : errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
  };

  return async ({ method, path, response }) => {
    const operation = operations.find(
      (candidate) => candidate.method === method && candidate.pattern.test(path),
    );
    const verdict = (problems: string[], read = response): Verdict => ({
      operationId: operation?.id,
      problems,
      response: read,
    });
    if (["HEAD", "OPTIONS"].includes(method) || (!operation && pages.test(path))) return verdict([]);
    const contentType = essenceOf(response.headers.get("content-type") ?? "");
    if (!operation) {
      if (response.ok) return verdict(["the document has no such operation"]);
      const text = await response.text();
      return verdict(problemsOf("Error", text), new Response(text, response));
    }
    const documented = operation.responses[String(response.status)];
    if (!documented) return verdict([`${operation.id} has no response ${response.status}`]);
    const { content = {}, headers = {} } = documented;
    const missing = Object.entries(headers).filter(
      ([name, { required }]) => required && !response.headers.has(name),
    );
    if (missing.length > 0) return verdict(missing.map(([name]) => `the header ${name} is missing`));
    const leadsElsewhere = response.status >= 300 && response.status < 400 && contentType === "";
    if (response.status === 101 || leadsElsewhere || response.body === null) {
      const isEmpty = Object.keys(content).length === 0;
      return verdict(isEmpty || response.status === 304 ? [] : ["the body is missing"]);
    }
    const type = Object.keys(content).find((candidate) => fits(contentType, essenceOf(candidate)));
    if (type === undefined)
      return verdict([`${response.status} is not documented as ${contentType || "untyped"}`]);
    if (contentType !== "application/json") return verdict([]);
    const text = await response.text();
    return verdict(
      problemsOf(definitionName(operation.id, String(response.status)), text),
      new Response(text, response),
    );
  };
}

const fits = (type: string, documented: string): boolean =>
  documented === type ||
  documented === "*/*" ||
  (documented.endsWith("/*") && type.startsWith(documented.slice(0, -1)));

const parsed = (text: string): { json: unknown } | undefined => {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

const definitionName = (operationId: string, status: string) => `${operationId}.${status}`;

/** Those with fewer parameters first: `/users/export` before `/users/{user_id}`. */
const operationsOf = ({ paths }: z.infer<typeof documentSchema>): DocumentedOperation[] =>
  Object.entries(paths)
    .flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, definition]) => {
        const operation = operationSchema.safeParse(definition);
        if (!operation.success) return [];
        const { operationId: id, responses } = operation.data;
        const parameters = path.split("{").length - 1;
        return [{ id, method: method.toUpperCase(), pattern: patternOf(path), parameters, responses }];
      }),
    )
    .toSorted((a, b) => a.parameters - b.parameters);

/** Every named schema, closed and open, and every JSON response under its operation and status. */
function definitionsOf(
  { components }: z.infer<typeof documentSchema>,
  operations: readonly DocumentedOperation[],
): Record<string, JsonSchema> {
  const named = Object.entries(components.schemas).flatMap(([name, schema]) => [
    [name, closedSchema(schema)] as const,
    [`${name}.open`, closedSchema(schema, true)] as const,
  ]);
  const answers = operations.flatMap(({ id, responses }) =>
    Object.entries(responses).flatMap(([status, { content }]) => {
      const schema = content?.["application/json"]?.schema;
      return schema ? [[definitionName(id, status), closedSchema(schema)] as const] : [];
    }),
  );
  return Object.fromEntries([...named, ...answers]);
}
