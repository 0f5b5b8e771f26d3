import { getHealth } from "#src/system/get-health.ts";
import { get, restRouter } from "../rest.ts";

export const health = restRouter("System", [get("/health", getHealth, "Healthy")]);
