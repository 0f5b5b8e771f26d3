import { cloneTemplate } from "#src/personas/templates/clone-template.ts";
import { createTemplate } from "#src/personas/templates/create-template.ts";
import { deleteTemplate } from "#src/personas/templates/delete-template.ts";
import { getTemplate } from "#src/personas/templates/get-template.ts";
import { listTemplateVersions } from "#src/personas/templates/list-template-versions.ts";
import { listTemplates } from "#src/personas/templates/list-templates.ts";
import { updateTemplate } from "#src/personas/templates/update-template.ts";
import { validateTemplate } from "#src/personas/templates/validate-template.ts";
import { del, get, post, put, restRouter } from "../rest.ts";

const made = { status: 201, location: ({ id }: { id: string }) => `/api/v1/templates/${id}` } as const;

export const templates = restRouter("Templates", [
  get("/", listTemplates, "Templates"),
  post("/", createTemplate, "Made", made),
  get("/{template_id}", getTemplate, "The template"),
  put("/{template_id}", updateTemplate, "The new version"),
  del("/{template_id}", deleteTemplate, "Deleted", { status: 204 }),
  post("/{template_id}/clone", cloneTemplate, "Made", { ...made, bodyIsOptional: true }),
  post("/{template_id}/validate", validateTemplate, "What was found"),
  get("/{template_id}/versions", listTemplateVersions, "Versions"),
]);
