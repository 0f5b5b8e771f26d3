import { listApprovals } from "#src/runs/index.ts";
import { get, restRouter } from "../rest/table.ts";

export const approvals = restRouter("Personas", [get("/", listApprovals, "What is asked")]);
