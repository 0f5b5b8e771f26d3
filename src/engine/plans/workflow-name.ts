import { z } from "@hono/zod-openapi";

/** Names that stand for something else under `/admin/workflows`. */
const reserved = ["runs"];

/** What `workflow:{name}` topics say; never changed, because plans refer to it. */
export const workflowNameSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "A letter, then letters, digits, _ and -, at most 64 together")
  .refine((name) => !reserved.includes(name), "This name is reserved")
  .openapi({ example: "fact-check" });
