import { z } from "@hono/zod-openapi";
import { signatureShape } from "#src/http/signed-address.ts";
import type { StoredFile } from "#src/http/stored-file.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { imageParams } from "./stored-image.ts";
import { visibleImage } from "./visible-image.ts";

export const getImage = operation({
  name: "getImage",
  summary: "An image made by a run",
  description: "Without a token at the address that `GET …/address` gives.",
  input: z.object({
    params: imageParams,
    query: z.strictObject({
      sig: z
        .string()
        .regex(signatureShape)
        .optional()
        .openapi({ description: "Part of a signed address, which needs no token" }),
    }),
  }),
  output: z.custom<StoredFile>(),
  refusals: ["NOT_FOUND", "RANGE_NOT_SATISFIABLE"],
  run: async ({ blobs }, actor, { params }) => {
    const image = await visibleImage(blobs, actor, params);
    if (!image) throw new AppError("NOT_FOUND");
    return image;
  },
});
