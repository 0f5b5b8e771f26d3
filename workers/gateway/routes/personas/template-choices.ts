import { listTemplateChoices } from "#src/personas/index.ts";
import { get, restRouter } from "../../rest/table.ts";

export const templateChoices = restRouter("Personas", [get("/", listTemplateChoices, "Active templates")]);
