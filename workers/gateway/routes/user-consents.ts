import { getConsents, updateConsents } from "#src/profiles/index.ts";
import { get, put, restRouter } from "../rest/table.ts";

export const userConsents = restRouter("Personalisation", [
  get("/", getConsents, "Consents"),
  put("/", updateConsents, "Consents"),
]);
