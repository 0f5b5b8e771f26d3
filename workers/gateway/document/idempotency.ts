import type { OpenAPIHono } from "@hono/zod-openapi";
import { honoursIdempotencyKey, maxKeyLength } from "../middleware/idempotent.ts";

type Paths = NonNullable<ReturnType<OpenAPIHono["getOpenAPI31Document"]>["paths"]>;

const parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Makes the request safe to repeat: for 24 hours the first success is given again with `Idempotent-Replayed: true`",
  schema: { type: "string", minLength: 1, maxLength: maxKeyLength },
  example: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c",
} as const;

const conflict = {
  description: "`CONFLICT`: The key came with another body, or its first request is still at work",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
};

/** Adds what the idempotency middleware takes and refuses to every operation that it serves. */
export function addIdempotency(paths: Paths): void {
  for (const [path, { post }] of Object.entries(paths)) {
    if (!post || !honoursIdempotencyKey(path)) continue;
    post.parameters = [...(post.parameters ?? []), parameter];
    post.responses = { 409: conflict, ...post.responses };
  }
}
