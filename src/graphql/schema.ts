import { addAccount } from "./account/queries.ts";
import { builder } from "./builder.ts";
import { addCatalogue } from "./commerce/catalogue.ts";
import { addDashboard } from "./commerce/dashboard.ts";
import { findCustomer, findLocation, findOrder, findProduct } from "./commerce/finders.ts";
import { addCommerceMutations } from "./commerce/mutations.ts";
import { addOrders } from "./commerce/orders.ts";
import { addQuestions } from "./commerce/questions.ts";
import { addNodes } from "./node.ts";
import { addPersonaMutations } from "./personas/mutations.ts";
import { addPersonas, findPersona } from "./personas/queries.ts";
import { addTriggers } from "./personas/triggers.ts";
import { addProjectMutations } from "./projects/mutations.ts";
import { addProjects, findProject } from "./projects/queries.ts";
import { addRunMutations } from "./runs/mutations.ts";
import { addRuns } from "./runs/queries.ts";
import { findRun } from "./runs/run-type.ts";
import { addSubscriptions } from "./subscriptions/fields.ts";

builder.queryType();
addAccount();
addProjects();
addPersonas();
addRuns();
addCatalogue();
addOrders();
addDashboard();
builder.mutationType();
addProjectMutations();
addPersonaMutations();
addTriggers();
addRunMutations();
addCommerceMutations();
addQuestions();
addSubscriptions();
addNodes({
  Project: findProject,
  PersonaInstance: findPersona,
  Run: findRun,
  Order: findOrder,
  Product: findProduct,
  Customer: findCustomer,
  Location: findLocation,
});

/** Everything that can be asked for by GraphQL. */
export const schema = builder.toSchema();
