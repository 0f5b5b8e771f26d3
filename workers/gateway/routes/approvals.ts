import { decideApprovals, listApprovals } from "#src/runs/index.ts";
import { get, post, restRouter } from "../rest/table.ts";

export const approvals = restRouter("Personas", [
  get("/", listApprovals, "What is asked"),
  post("/decide", decideApprovals, "What became of each"),
]);
