import { z } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import { isSigned } from "#src/http/signed-address.ts";
import { fileResponse, type StoredFile } from "#src/http/stored-file.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { getImage, getImageAddress, imageParams, pathOfImage, storedImage } from "#src/runs/index.ts";
import type { GatewayContext, GatewayRequest } from "../context.ts";
import { refuseFloods } from "../middleware/flood-guard.ts";
import { get, restRouter } from "../rest/table.ts";

const bytes = { schema: z.string().openapi({ format: "binary" }) };
const content = { "image/png": bytes, "image/jpeg": bytes, "image/webp": bytes };

const answer = (c: GatewayRequest, image: StoredFile): Promise<Response> =>
  fileResponse(image, {
    ifNoneMatch: c.req.header("if-none-match"),
    range: c.req.header("range"),
    ifRange: c.req.header("if-range"),
  });

/** Whoever comes with a signature needs no token: it has been given to somebody who may see the image. */
const bySignature = createMiddleware<GatewayContext>(async (c, next) => {
  const signature = c.req.query("sig");
  if (signature === undefined) return next();
  await refuseFloods(c);
  const { settings, clock, blobs } = c.get("platform");
  const place = imageParams.safeParse(c.req.param()).data;
  if (!place || !isSigned(pathOfImage(place), signature, keyRingOf(settings), clock.now()))
    throw new AppError("TOKEN_INVALID", { message: "The address is good no more" });
  const image = await storedImage(blobs, place, () => true);
  if (!image) throw new AppError("NOT_FOUND");
  return answer(c, image);
});

export const images = restRouter("Personas", [
  get("/{client_id}/{run}/{file}", getImage, "The image", {
    responses: {
      200: { description: "The image", content },
      206: { description: "The part asked for by `Range`", content },
      304: { description: "Unchanged" },
    },
    middleware: [bySignature],
    answer: (c, { output }) => answer(c, output),
  }),
  get("/{client_id}/{run}/{file}/address", getImageAddress, "The address"),
]);
