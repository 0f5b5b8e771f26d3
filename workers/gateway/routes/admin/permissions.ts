import { listPermissions } from "#src/administration/index.ts";
import { get, restRouter } from "../../rest/table.ts";

export const permissions = restRouter("Administration: users", [
  get("/", listPermissions, "Permissions, by name"),
]);
