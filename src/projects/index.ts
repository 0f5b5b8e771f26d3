/** The door of `projects`: what other rooms may import of it. */
export { createProject } from "./create-project.ts";
export { deleteProject } from "./delete-project.ts";
export { getProject } from "./get-project.ts";
export { listProjects } from "./list-projects.ts";
export { findProject, isProjectLiving } from "./project-repository.ts";
export { updateProject } from "./update-project.ts";
