import { listAudit } from "#src/administration/index.ts";
import { get, restRouter } from "../../rest/table.ts";

export const audit = restRouter("Administration: users", [get("/", listAudit, "The audit log")]);
