import { describe, expect, it } from "vitest";
import { policies } from "#src/operation/policy.ts";
import { reach } from "../../support/actors.ts";
import { operationNames } from "../../support/all-operations.ts";
import { callers } from "./callers.ts";

/** How far every caller of `callers.ts` reaches, in their order: own, tenant, platform, or not at all. */
const reached = (name: (typeof operationNames)[number]): string =>
  Object.values(callers)
    .map((caller) => reach(caller, policies[name]))
    .map((scope) => (typeof scope === "string" ? scope.charAt(0) : "-"))
    .join(" ");

/*
 * vis usr key sch   nobody yet, a user, a key, a schedule
 * mod adm kadm      moderator, administrator, an administrator's key
 * all … proj        holders of *, users.read, admin.users, admin.subscriptions, admin.system, personas.create, .delete, projects.manage
 * shop … fig        holders of commerce.read, .orders, .manage, .analytics
 * op:…              the same in the operator's tenant: user, moderator, administrator, *, admin.users, .subscriptions, .system, an author
 * platform          the platform itself
 */
const expected: readonly [reach: string, operations: string][] = [
  [
    "o o o o o o o o o o o o o o o o o o o o o o o o o o o p",
    "register login refreshTokens verifyEmail forgotPassword resetPassword getHealth receivePaymentNotice openWidgetSession",
  ],
  [
    "- o - - o o - o o o o o o o o o o o o o o o o o o o o p",
    "resendVerification validateToken getSession logout deleteAccount changeEmail confirmEmail changePassword listSessions endSession endOtherSessions updateConsents exportOwnData connectWebSocket connectConversation createWebSocketTicket cancelSubscription resumeSubscription openCheckout changePlan",
  ],
  [
    "- o o o o o o o o o o o o o o o o o o o o o o o o o o p",
    "getProfile updateProfile uploadAvatar getConsents createPersonProfile updatePersonProfile patchPersonProfile deletePersonProfile updateFact deleteFact createContextEvent getSubscription listPayments getUsage getUsageSeries checkQuota listTiers listProjects createProject listTemplateChoices streamEvents listInstances createInstance listTriggers createTrigger getTrigger updateTrigger deleteTrigger search listRuns stopRuns rerun createConversation listConversations getConversation updateConversation deleteConversation listMessages getMessage sendMessage editMessage deleteMessage regenerateMessage activateBranch stopTurn compactConversation putReceipts streamConversation requestHandover streamChat resumeChat uploadAttachment getAttachment searchConversations rateMessage rateConversation listOwnMemories deleteOwnMemory listApprovals decideApprovals",
  ],
  ["- o o o t t t t o o o o o o o o o o o o t t t o o o o p", "getPersonProfile getPersonContext"],
  ["- t t t t t t t t t t t t t t t t t t t t t t t t t t p", "getItem listItems findSimilarItems"],
  ["- o o o t t t o o o o o o o o o o o o o t t o o o o o p", "getAvatar"],
  ["- o o o o t t t o o o o o o t o o o o o o t t o o o o p", "getProject updateProject deleteProject"],
  [
    "- - - - - t t t - - - - t - - - - - - - - p p - - - t p",
    "listTemplates createTemplate getTemplate updateTemplate cloneTemplate validateTemplate validatePersonaConfig listTemplateVersions",
  ],
  [
    "- - - - t t t t - - - - - - - - - - - - t p t - - - - p",
    "getUserAnalytics getConversationAnalytics getRetention getRecommendationAnalytics getSystemAnalytics listFunnels createFunnel getFunnel updateFunnel deleteFunnel getFunnelResult listConversationsOfTenant getConversationOfTenant takeConversation releaseConversation handBackConversation assignConversation setConversationStatus replyToConversation streamConversationOfTenant exportConversations getConversationExport getConversationExportFile uploadAttachmentOfTenant getAttachmentOfTenant hideMessage releaseMessage listModerationRules createModerationRule getModerationRule updateModerationRule deleteModerationRule listBans banPerson getBan endBan listCannedReplies createCannedReply getCannedReply updateCannedReply deleteCannedReply listWidgets createWidget getWidget updateWidget deleteWidget rotateWidgetSecret",
  ],
  ["- - - - t t - t - - - - - - - - - - - - t p t - - - - p", "connectConversationOfTenant"],
  ["- - - - - t t t - - - - - t - - - - - - - p p - - - t p", "deleteTemplate"],
  [
    "- o o o o t t o o o o o o o o o o o o o o t o o o o o p",
    "recordInteractions recommendItems getInstance getToolsWithoutApproval updateInstance executeInstance stopInstance listRunsOfInstance listLogsOfInstance listImagesOfInstance getImage listMemories searchMemories createMemory getMemory updateMemory deleteMemory getRun listTasksOfRun getRunTrace resumeRun streamRunEvents getPersonaChat publishPersona getImageAddress getTaskOfRun",
  ],
  ["- o o o o t t t o o o o o t o o o o o o o t t o o o t p", "deleteInstance"],
  [
    "- - - - - t t - - - - - - - - - - - - - - p - - - - - p",
    "listAudit listClients getClient updateClient deactivateClient getClientStats updateClientInstanceConfig listAgents getAgent setAgentStatus restartAgent listAgentDefinitions createAgentDefinition getAgentDefinition updateAgentDefinition deleteAgentDefinition listWorkflows createWorkflow validateWorkflow getWorkflow updateWorkflow deleteWorkflow listWorkflowVersions listRunsOfWorkflow listRunsOfPlatform getRunOfPlatform listTasksOfRunOfPlatform getRunTraceOfPlatform decideRun getUsageSeriesOfPlatform listWebhooks createWebhook getWebhook updateWebhook deleteWebhook rotateWebhookSecret testWebhook listWebhookDeliveries getWebhookDelivery redeliverWebhook",
  ],
  ["- - - - - t t - - - - - - - - - - - - - - t - - - - - p", "putItems deleteItem setToolsWithoutApproval"],
  ["- - - - - - - - - - - - - - - - - - - - - p - - - - - p", "createClient actWithinClient"],
  [
    "- - - - t t t t t t - - - - - - - - - - t p p p - - p p",
    "listUsers getUser getUserActivity getUserAudit listUserSessions",
  ],
  [
    "- - - - - t t t - t - - - - - - - - - - - p p p - - p p",
    "updateUser deleteUser bulkUsers exportUsers importUsers getUserImport grantPermission revokePermission endUserSessions setUserPassword listPermissions",
  ],
  [
    "- - - - - t t t - - t - - - - - - - - - - p p - p - - p",
    "listSubscriptions createSubscription getSubscriptionOfUser updateSubscription",
  ],
  [
    "- - - - - - - - - - - - - - - - - - - - - p p - - p - p",
    "getDashboard listTopics listDeadLetters redriveDeadLetter redriveDeadLetters getSystemHealth getSystemStatus getSystemMetrics listSystemLogs getSystemConfig updateSystemConfig setMaintenance",
  ],
  [
    "- - - - t t t t - - - - - - - t - - - - t t t - - - - p",
    "listOrders getOrder listOrderPayments listOrderEvents listProducts getProduct listStock listLocations getLocation listCustomers getCustomer listOrdersOfCustomer",
  ],
  [
    "- - - - - t t t - - - - - - - - t - - - - t t - - - - p",
    "createOrder updateOrder confirmOrder fulfilOrder completeOrder cancelOrder returnOrder createOrderPayment",
  ],
  [
    "- - - - - t t t - - - - - - - - - t - - - t t - - - - p",
    "importProducts importCustomers exportProducts exportCustomers exportOrders createProduct updateProduct deleteProduct adjustStock createLocation updateLocation deleteLocation createCustomer updateCustomer deleteCustomer",
  ],
  [
    "- - - - - t t t - - - - - - - - - - t - - t t - - - - p",
    "getShopDashboard getAnalyticsCatalogue askAnalytics",
  ],
];

describe("Who reaches how far, for every operation and every caller", () => {
  it.each(expected)("%s", (pattern, operations) => {
    for (const name of operationNames.filter((one) => operations.split(" ").includes(one)))
      expect(reached(name), name).toBe(pattern);
  });

  it("is said of every operation, once", () => {
    const said = expected.flatMap(([, operations]) => operations.split(" "));
    expect(said.toSorted()).toEqual([...operationNames].sort());
  });
});
