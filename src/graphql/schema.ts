import { addAccount } from "./account/queries.ts";
import { builder } from "./builder.ts";
import { addNodes } from "./node.ts";
import { addPersonaMutations } from "./personas/mutations.ts";
import { addPersonas, findPersona } from "./personas/queries.ts";
import { addProjectMutations } from "./projects/mutations.ts";
import { addProjects, findProject } from "./projects/queries.ts";
import { addRunMutations } from "./runs/mutations.ts";
import { addRuns } from "./runs/queries.ts";
import { findRun } from "./runs/run-type.ts";

builder.queryType();
addAccount();
addProjects();
addPersonas();
addRuns();
builder.mutationType();
addProjectMutations();
addPersonaMutations();
addRunMutations();
addNodes({ Project: findProject, PersonaInstance: findPersona, Run: findRun });

/** Everything that can be asked for by GraphQL. */
export const schema = builder.toSchema();
