import { z } from "zod";
import { call } from "./api.ts";

const schemaSchema = z.record(z.string(), z.unknown());
type JsonSchema = z.infer<typeof schemaSchema>;

const operationSchema = z.object({
  operationId: z.string(),
  security: z.array(z.unknown()).optional(),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(["path", "query", "header", "cookie"]),
        required: z.boolean().optional(),
        schema: schemaSchema.optional(),
      }),
    )
    .optional(),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: schemaSchema.optional() })) })
    .optional(),
  responses: z.record(
    z.string(),
    z.looseObject({
      content: z.record(z.string(), z.object({ schema: schemaSchema.optional() })).optional(),
    }),
  ),
});

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), schemaSchema) }),
});

/** An operation of the OpenAPI document, and how to call it with a request that its schemas accept. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  /** The parameters in the path, each with the segment before it: `dead-letters/{id}`. */
  pathParameters: string[];
  /** Whether it needs an access token. */
  isProtected: boolean;
  /** The address with the parameters filled in, and required query parameters made up. */
  address(values: Readonly<Record<string, string>>): string;
  /** A made-up body, if it takes JSON. */
  body: string | undefined;
  /** Made-up answers to what it has done, those that are JSON. */
  answers: unknown[];
}

/** The parameters of a path, each with the segment before it. */
const placesIn = (path: string): string[] =>
  path
    .split("/")
    .flatMap((part, index, parts) => (part.startsWith("{") ? [`${parts[index - 1]}/${part}`] : []));

/** What stands at a place such as `dead-letters/{id}`: a value for that very place, else for the parameter's name. */
export const valueAt = (place: string, values: Readonly<Record<string, string>>): string | undefined =>
  values[place] ?? values[place.slice(place.lastIndexOf("{") + 1, -1)];

const methods = ["get", "post", "put", "patch", "delete"];

/** Every operation that the gateway's OpenAPI document names. */
export async function allOperations(): Promise<Operation[]> {
  const document = documentSchema.parse(await (await call("/openapi.json")).json());
  const example = (schema: JsonSchema) => exampleOf(schema, document.components.schemas);
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, definition]): Operation => {
        const { operationId, security, parameters = [], ...described } = operationSchema.parse(definition);
        const { requestBody, responses } = described;
        const json = requestBody?.content["application/json"]?.schema;
        const query = parameters
          .filter((parameter) => parameter.in === "query" && parameter.required)
          .map(({ name, schema }) => `${name}=${encodeURIComponent(String(example(schema ?? {})))}`)
          .join("&");
        return {
          id: operationId,
          method: method.toUpperCase(),
          path,
          pathParameters: placesIn(path),
          isProtected: (security ?? []).length > 0,
          address: (values) =>
            path
              .split("/")
              .map((part, index, parts) =>
                part.startsWith("{")
                  ? encodeURIComponent(valueAt(`${parts[index - 1]}/${part}`, values) ?? "")
                  : part,
              )
              .join("/") + (query === "" ? "" : `?${query}`),
          body: json === undefined ? undefined : JSON.stringify(example(json)),
          answers: Object.entries(responses)
            .filter(([status]) => status.startsWith("2"))
            .flatMap(([, { content }]) => {
              const schema = content?.["application/json"]?.schema;
              return schema === undefined ? [] : [example(schema)];
            }),
        };
      }),
  );
}

const formats: Record<string, unknown> = {
  uuid: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c",
  email: "somebody@test.example",
  "date-time": "2026-01-01T00:00:00.000Z",
  date: "2026-01-01",
  uri: "https://example.com/",
  url: "https://example.com/",
};

const schemasIn = (value: unknown): JsonSchema[] => z.array(schemaSchema).catch([]).parse(value);

/** A value that a schema accepts: its own example, else the least there can be. */
function exampleOf(schema: JsonSchema, named: Record<string, JsonSchema>): unknown {
  const { $ref, allOf, anyOf, oneOf, type, format } = schema;
  if (schema.example !== undefined) return schema.example;
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (typeof $ref === "string") return exampleOf(named[$ref.split("/").at(-1) ?? ""] ?? {}, named);
  const [alternative] = schemasIn(anyOf ?? oneOf);
  if (alternative) return exampleOf(alternative, named);
  if (allOf !== undefined) {
    // A part that only remarks on the others has no type.
    const parts = schemasIn(allOf).map((part) => exampleOf(part, named));
    return Object.assign({}, ...parts.filter((part) => typeof part === "object"));
  }
  switch (Array.isArray(type) ? type[0] : type) {
    case "object": {
      const properties = z.record(z.string(), schemaSchema).catch({}).parse(schema.properties);
      const required = z.array(z.string()).catch([]).parse(schema.required);
      return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, named)]));
    }
    case "array":
      return Array.from({ length: Number(schema.minItems ?? 0) }, () =>
        exampleOf(schemaSchema.catch({}).parse(schema.items), named),
      );
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return false;
    case "null":
      return null;
    default:
      return formats[String(format)] ?? "x".repeat(Math.max(1, Number(schema.minLength ?? 1)));
  }
}
