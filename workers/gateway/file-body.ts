import { bodyLimit } from "hono/body-limit";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayRequest } from "./context.ts";

/** A file as it came in. */
interface SentFile {
  /** What it is called; empty where nothing is said. */
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What a multipart body adds to a file. */
const wrapping = 16 * 1024;

// Described here and not by zod: what is sent is a file by its bytes, whatever type it comes with.
const binary = { type: "string", format: "binary" } as const;

interface FileBody {
  /** Bytes of a file. */
  maxBytes: number;
  /** Types that the document names for a body that is the file itself. */
  types: string;
  /** Names of the field of a form that the file is in. */
  fields: readonly string[];
}

/** A body that is a file, or a form with one in it: what the document says of it, and how it is read. */
export function fileBody({ maxBytes, types, fields }: FileBody) {
  const limit = bodyLimit({
    maxSize: maxBytes + wrapping,
    onError: () => {
      throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes: maxBytes } });
    },
  });
  return {
    documented: {
      content: {
        "multipart/form-data": {
          schema: {
            type: "object" as const,
            properties: Object.fromEntries(fields.map((field) => [field, binary])),
          },
        },
        [types]: { schema: binary },
      },
    },
    read: async (c: GatewayRequest): Promise<SentFile> => {
      await limit(c, async () => {});
      if (!/^multipart\/form-data/i.test(c.req.header("content-type") ?? ""))
        return {
          name: decoded(c.req.header("x-file-name")),
          bytes: new Uint8Array(await c.req.arrayBuffer()),
        };
      const form = await c.req.parseBody().catch((cause: unknown) => {
        throw cause instanceof AppError
          ? cause
          : new AppError("VALIDATION_ERROR", { message: "No such form", cause });
      });
      const file = fields.map((field) => form[field]).find((value): value is File => value instanceof File);
      if (!file)
        throw new AppError("VALIDATION_ERROR", {
          details: { fields: [{ path: "file", message: "A file" }] },
        });
      return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    },
  };
}

/** A name of more than ASCII comes percent-encoded; one that is not is taken as it is. */
function decoded(name = ""): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
