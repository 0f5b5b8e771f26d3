import { listTemplateChoices } from "#src/personas/templates/list-template-choices.ts";
import { get, restRouter } from "../../rest.ts";

export const templateChoices = restRouter("Personas", [get("/", listTemplateChoices, "Active templates")]);
