import { getUsageSeriesOfPlatform } from "#src/analytics/index.ts";
import { get, restRouter } from "../../rest/table.ts";

export const usage = restRouter("Administration: system", [
  get("/series", getUsageSeriesOfPlatform, "The series"),
]);
