import { getHealth } from "#src/system/index.ts";
import { get, restRouter } from "../rest/table.ts";

export const health = restRouter("System", [get("/health", getHealth, "Healthy")]);
