import { addAccount } from "./account/queries.ts";
import { builder } from "./builder.ts";
import { addNodes } from "./node.ts";
import { addPersonas, findPersona } from "./personas/queries.ts";
import { addProjects, findProject } from "./projects/queries.ts";
import { addRuns } from "./runs/queries.ts";
import { findRun } from "./runs/run-type.ts";

builder.queryType();
addAccount();
addProjects();
addPersonas();
addRuns();
addNodes({ Project: findProject, PersonaInstance: findPersona, Run: findRun });

/** Everything that can be asked for by GraphQL. */
export const schema = builder.toSchema();
