import { getDashboard } from "#src/analytics/index.ts";
import { get, restRouter } from "../../rest/table.ts";

export const dashboard = restRouter("Administration: system", [get("/", getDashboard, "The dashboard")]);
