import { getSystemConfig, setMaintenance, updateSystemConfig } from "#src/system/index.ts";
import { get, post, put, restRouter } from "../../rest/table.ts";

export const systemConfig = restRouter("Administration: system", [
  get("/config", getSystemConfig, "The configuration"),
  put("/config", updateSystemConfig, "The configuration as it is now"),
  post("/maintenance", setMaintenance, "The maintenance as it is now"),
]);
