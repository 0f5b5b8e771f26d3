import {
  cloneTemplate,
  createTemplate,
  deleteTemplate,
  getTemplate,
  listTemplates,
  listTemplateVersions,
  updateTemplate,
  validatePersonaConfig,
  validateTemplate,
} from "#src/personas/index.ts";
import { del, get, post, put, restRouter } from "../rest/table.ts";

const made = { status: 201, location: ({ id }: { id: string }) => `/api/v1/templates/${id}` } as const;

export const templates = restRouter("Templates", [
  get("/", listTemplates, "Templates"),
  post("/", createTemplate, "Made", made),
  post("/validate", validatePersonaConfig, "What was found"),
  get("/{template_id}", getTemplate, "The template"),
  put("/{template_id}", updateTemplate, "The new version"),
  del("/{template_id}", deleteTemplate, "Deleted", { status: 204 }),
  post("/{template_id}/clone", cloneTemplate, "Made", { ...made, bodyIsOptional: true }),
  post("/{template_id}/validate", validateTemplate, "What was found"),
  get("/{template_id}/versions", listTemplateVersions, "Versions"),
]);
