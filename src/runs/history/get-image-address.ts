import { z } from "@hono/zod-openapi";
import { endOfAddress, signedAddress } from "#src/http/signed-address.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { operation } from "#src/operation/operation.ts";
import { imageParams, pathOfImage } from "./stored-image.ts";
import { visibleImage } from "./visible-image.ts";

export const getImageAddress = operation({
  name: "getImageAddress",
  summary: "An address of an image that a browser can show",
  description:
    "A browser's `<img>` sends no token: this address is signed instead, for ten minutes at least. Whoever has it sees the image.",
  input: z.object({ params: imageParams }),
  output: z
    .object({
      image_url: z.string().openapi({ description: "Address with a signature (`sig`)" }),
      expires_at: z.iso.datetime().openapi({ description: "Until when it is good" }),
    })
    .openapi("ImageAddress"),
  refusals: ["NOT_FOUND"],
  run: async ({ blobs, settings, clock }, actor, { params }) => {
    if (!(await visibleImage(blobs, actor, params))) throw new AppError("NOT_FOUND");
    const now = clock.now();
    return {
      image_url: signedAddress(pathOfImage(params), keyRingOf(settings), now),
      expires_at: isoTime(endOfAddress(now) * 1000),
    };
  },
});
