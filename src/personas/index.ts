/** The door of `personas`: what other rooms may import of it. */
export { changeInstance, type InstanceEvent } from "./instances/change-instance.ts";
export { createInstance } from "./instances/create-instance.ts";
export { deleteInstance } from "./instances/delete-instance.ts";
export { getInstance } from "./instances/get-instance.ts";
export {
  findInstance,
  type InstanceRow,
  instancesNamedLike,
  namesOfInstances,
  pageInstances,
} from "./instances/instance-repository.ts";
export { instancesOfTenant } from "./instances/instance-scope.ts";
export { listInstances } from "./instances/list-instances.ts";
export { instanceParams, instanceSchema } from "./instances/schemas.ts";
export { updateInstance } from "./instances/update-instance.ts";
export { updateInstanceWithin } from "./instances/update-instance-within.ts";
export { instanceViews } from "./instances/views.ts";
export { visibleInstance } from "./instances/visible-instance.ts";
export { createMemory } from "./memories/create-memory.ts";
export { deleteMemory } from "./memories/delete-memory.ts";
export { getMemory } from "./memories/get-memory.ts";
export { listMemories } from "./memories/list-memories.ts";
export { searchMemories } from "./memories/search-memories.ts";
export { updateMemory } from "./memories/update-memory.ts";
export { storedConfigSchema } from "./schemas.ts";
export { schemaProblems } from "./templates/check-schema.ts";
export { cloneTemplate } from "./templates/clone-template.ts";
export { createTemplate } from "./templates/create-template.ts";
export { deleteTemplate } from "./templates/delete-template.ts";
export { getTemplate } from "./templates/get-template.ts";
export { listTemplateChoices } from "./templates/list-template-choices.ts";
export { listTemplateVersions } from "./templates/list-template-versions.ts";
export { listTemplates } from "./templates/list-templates.ts";
export { newTemplate } from "./templates/new-template.ts";
export { createTemplateSchema } from "./templates/schemas.ts";
export { updateTemplate } from "./templates/update-template.ts";
export { validatePersonaConfig } from "./templates/validate-persona-config.ts";
export { validateTemplate } from "./templates/validate-template.ts";
