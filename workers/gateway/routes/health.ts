import { getHealth } from "#src/system/index.ts";
import { get, restRouter } from "../rest.ts";

export const health = restRouter("System", [get("/health", getHealth, "Healthy")]);
