import { listPermissions } from "#src/administration/access/list-permissions.ts";
import { get, restRouter } from "../../rest.ts";

export const permissions = restRouter("Administration: users", [
  get("/", listPermissions, "Permissions, by name"),
]);
