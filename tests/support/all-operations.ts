import type { z } from "zod";
import * as administration from "#src/administration/index.ts";
import * as agentAdministration from "#src/agent-administration/index.ts";
import * as agentDefinitions from "#src/agent-definitions/index.ts";
import * as analytics from "#src/analytics/index.ts";
import * as cannedReplies from "#src/canned-replies/index.ts";
import * as chat from "#src/chat/index.ts";
import * as commerce from "#src/commerce/index.ts";
import * as commerceTools from "#src/commerce-tools/index.ts";
import * as dataExport from "#src/data-export/index.ts";
import * as discovery from "#src/discovery/index.ts";
import * as identity from "#src/identity/index.ts";
import type { Actor } from "#src/kernel/actor.ts";
import * as moderation from "#src/moderation/index.ts";
import type { Operation } from "#src/operation/operation.ts";
import { type OperationName, policies } from "#src/operation/policy.ts";
import * as personas from "#src/personas/index.ts";
import * as profiles from "#src/profiles/index.ts";
import * as projects from "#src/projects/index.ts";
import * as questions from "#src/questions/index.ts";
import * as realtime from "#src/realtime/index.ts";
import * as runs from "#src/runs/index.ts";
import * as search from "#src/search/index.ts";
import * as subscriptions from "#src/subscriptions/index.ts";
import * as system from "#src/system/index.ts";
import * as tenants from "#src/tenants/index.ts";
import * as triggers from "#src/triggers/index.ts";
import * as visitors from "#src/visitors/index.ts";
import * as webhooks from "#src/webhooks/index.ts";
import * as widgets from "#src/widgets/index.ts";
import * as workflowDefinitions from "#src/workflow-definitions/index.ts";

export type AnyOperation = Operation<z.ZodObject, z.ZodType, Actor>;

const isOperation = (value: unknown): value is AnyOperation =>
  typeof value === "object" && value !== null && "isFor" in value && "run" in value && "name" in value;

/** Every operation that the subjects offer at their doors, by its name. */
export const operationsByName: ReadonlyMap<string, AnyOperation> = new Map(
  [
    administration,
    agentAdministration,
    agentDefinitions,
    analytics,
    cannedReplies,
    triggers,
    chat,
    commerce,
    commerceTools,
    dataExport,
    discovery,
    identity,
    moderation,
    personas,
    profiles,
    projects,
    questions,
    realtime,
    runs,
    search,
    subscriptions,
    system,
    tenants,
    visitors,
    webhooks,
    widgets,
    workflowDefinitions,
  ]
    .flatMap((door) => Object.values(door).filter(isOperation))
    .map((operation) => [operation.name, operation]),
);

const isName = (name: string): name is OperationName => Object.hasOwn(policies, name);
export const operationNames: readonly OperationName[] = Object.keys(policies).filter(isName);
