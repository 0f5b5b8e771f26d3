import { maxAvatarBytes, uploadAvatar } from "#src/identity/index.ts";
import { fileBody } from "../file-body.ts";
import { post, restRouter } from "../rest/table.ts";

const picture = fileBody({ maxBytes: maxAvatarBytes, types: "image/*", fields: ["file", "avatar"] });

/** Stands before what lets only JSON through. */
export const avatarUpload = restRouter("User", [
  post("/avatar", uploadAvatar, "Set", {
    body: { ...picture, read: async (c) => (await picture.read(c)).bytes },
  }),
]);
