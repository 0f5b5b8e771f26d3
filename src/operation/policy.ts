import type { Role, Scope, Tier } from "#src/kernel/actor.ts";
import type { Permission } from "#src/kernel/permissions.ts";
import type { RateClass } from "#src/kernel/rate-class.ts";
import { commercePolicies } from "./commerce-policies.ts";
import { personPolicies } from "./person-policies.ts";
import { staffPolicies } from "./staff-policies.ts";
import { talkPolicies } from "./talk-policies.ts";

/** What lets a caller do something: that they are one at all, a role or a higher one, or a permission. */
export type Right = "anybody" | { role: Role } | { permission: Permission };

/**
 * Who may do something, to things of which scope: the caller's own, those of the caller's tenant, those of every
 * tenant. Of several rights one is enough; a scope that is left out is out of everybody's reach.
 */
export interface Policy extends Partial<Record<Scope, readonly Right[]>> {
  /** Who it is for: whoever acts for an account, whoever has signed in (a key and a schedule have not), or anybody. */
  by: "account" | "session" | "anybody";
  /** Whether it is for visitors of widgets as well: all else, but what is for anybody, is refused them. */
  visitors?: true;
  /** The lowest tier that it is for. */
  tier?: Tier;
  rate: RateClass;
  /** Of what is for whoever has signed in: whether it is also while they act within another tenant. */
  whileActing?: true;
  /** As how many calls it counts against the limits of its caller: 1 unless said otherwise; 0 where nothing limits it. */
  cost?: number;
  /** Whether it goes on while the platform is under maintenance, although it changes something; what reads does. */
  duringMaintenance?: true;
}

const anyone = ["anybody"] as const;
const admin = [{ role: "admin" }] as const;
const may = <P extends Permission>(permission: P) => [{ permission }] as const;

/** With one's own things. */
const own = { by: "account", own: anyone } as const;
/** With one's own account, by whoever has signed in to it. */
const ownAccount = { by: "session", own: anyone } as const;
/** Before, or without, having signed in. */
const open = { by: "anybody", own: anyone } as const;
/** Administration of a tenant's things; the operator's administrators reach those of every tenant. */
const byAdmins = { by: "account", tenant: admin, platform: admin } as const;
/** With a tenant's templates; the operator's administrators make them for every tenant. */
const byAuthors = { by: "account", tenant: may("personas.create"), platform: may("*") } as const;
const readingUsers = {
  by: "account",
  tenant: [{ permission: "users.read" }, { permission: "admin.users" }, { role: "moderator" }],
  platform: may("admin.users"),
} as const;
const administeringUsers = {
  by: "account",
  tenant: may("admin.users"),
  platform: may("admin.users"),
} as const;
const administeringSubscriptions = {
  by: "account",
  tenant: may("admin.subscriptions"),
  platform: may("admin.subscriptions"),
} as const;
/** With what there is once for all tenants. */
const ofThePlatform = { by: "account", platform: may("admin.system") } as const;
const ownProjects = { by: "account", own: anyone, tenant: may("projects.manage") } as const;
/** With one's own personas and what they do; administrators reach those of their tenant. */
const ownPersonas = { by: "account", own: anyone, tenant: admin } as const;

const read = { rate: "read" } as const;
const write = { rate: "write" } as const;
const signIn = { rate: "sign-in" } as const;
const execute = { rate: "execute" } as const;
/** Of those that administrators come in by, and everybody goes out and watches by. */
const goesOn = { duringMaintenance: true } as const;

/** The policy of every operation, by its name. An operation that is not here does not compile. */
export const policies = {
  // Identity
  register: { ...open, ...signIn },
  login: { ...open, ...signIn, ...goesOn },
  refreshTokens: { ...open, ...signIn, ...goesOn },
  verifyEmail: { ...open, ...signIn },
  forgotPassword: { ...open, ...signIn },
  resetPassword: { ...open, ...signIn },
  resendVerification: { ...ownAccount, ...write },
  validateToken: { ...ownAccount, ...read, whileActing: true },
  getSession: { ...ownAccount, ...read, whileActing: true },
  logout: { ...ownAccount, ...write, ...goesOn },
  getProfile: { ...own, ...read },
  updateProfile: { ...own, ...write },
  uploadAvatar: { ...own, ...write },
  getAvatar: { by: "account", own: anyone, tenant: [{ role: "moderator" }], ...read },
  deleteAccount: { ...ownAccount, ...write },
  changeEmail: { ...ownAccount, ...write },
  confirmEmail: { ...ownAccount, ...write },
  changePassword: { ...ownAccount, ...write },
  listSessions: { ...ownAccount, ...read },
  endSession: { ...ownAccount, ...write },
  endOtherSessions: { ...ownAccount, ...write },
  connectWebSocket: { ...ownAccount, ...read },
  streamEvents: { ...own, ...read },
  createWebSocketTicket: { ...ownAccount, ...write, ...goesOn },

  ...personPolicies,

  // Subscription and projects
  getSubscription: { ...own, ...read },
  getUsage: { ...own, ...read },
  getUsageSeries: { ...own, ...read },
  checkQuota: { ...own, ...read },
  listTiers: { ...own, ...read },
  cancelSubscription: { ...ownAccount, ...write },
  resumeSubscription: { ...ownAccount, ...write },
  openCheckout: { ...ownAccount, ...write },
  changePlan: { ...ownAccount, ...write },
  listPayments: { ...own, ...read },
  // The provider calls it, from few addresses and as often as it has something to say.
  receivePaymentNotice: { ...open, ...write, cost: 0, ...goesOn },
  listProjects: { ...own, ...read },
  createProject: { ...own, ...write },
  getProject: { ...ownProjects, ...read },
  updateProject: { ...ownProjects, ...write },
  deleteProject: { ...ownProjects, ...write },

  // Templates
  listTemplates: { ...byAuthors, ...read },
  createTemplate: { ...byAuthors, ...write },
  getTemplate: { ...byAuthors, ...read },
  updateTemplate: { ...byAuthors, ...write },
  deleteTemplate: { by: "account", tenant: may("personas.delete"), platform: may("*"), ...write },
  cloneTemplate: { ...byAuthors, ...write },
  validateTemplate: { ...byAuthors, ...read },
  validatePersonaConfig: { ...byAuthors, ...read },
  listTemplateVersions: { ...byAuthors, ...read },
  listTemplateChoices: { ...own, ...read },

  // Personas
  listInstances: { ...own, ...read },
  createInstance: { ...own, ...write },
  getInstance: { ...ownPersonas, ...read },
  updateInstance: { ...ownPersonas, ...write },
  deleteInstance: { by: "account", own: anyone, tenant: may("personas.delete"), ...write },
  executeInstance: { ...ownPersonas, ...execute },
  stopInstance: { ...ownPersonas, ...write },
  listRunsOfInstance: { ...ownPersonas, ...read },
  listLogsOfInstance: { ...ownPersonas, ...read },
  listImagesOfInstance: { ...ownPersonas, ...read },
  getImage: { ...ownPersonas, ...read },
  getImageAddress: { ...ownPersonas, ...read },
  listMemories: { ...ownPersonas, ...read },
  searchMemories: { ...ownPersonas, ...read },
  createMemory: { ...ownPersonas, ...write },
  getMemory: { ...ownPersonas, ...read },
  updateMemory: { ...ownPersonas, ...write },
  deleteMemory: { ...ownPersonas, ...write },
  getToolsWithoutApproval: { ...ownPersonas, ...read },
  setToolsWithoutApproval: { by: "account", tenant: admin, ...write },
  listTriggers: { ...own, ...read },
  createTrigger: { ...own, ...write },
  getTrigger: { ...own, ...read },
  updateTrigger: { ...own, ...write },
  deleteTrigger: { ...own, ...write },
  getPersonaChat: { ...ownPersonas, ...read },
  publishPersona: { ...ownPersonas, ...write },
  listRuns: { ...own, ...read },
  listApprovals: { ...own, ...read },
  decideApprovals: { ...own, ...write },
  search: { ...own, ...read },
  stopRuns: { ...own, ...write },
  rerun: { ...own, ...write },
  getRun: { ...ownPersonas, ...read },
  listTasksOfRun: { ...ownPersonas, ...read },
  getTaskOfRun: { ...ownPersonas, ...read },
  getRunTrace: { ...ownPersonas, ...read },
  resumeRun: { ...ownPersonas, ...write },
  streamRunEvents: { ...ownPersonas, ...read },

  // Conversations
  ...talkPolicies,
  compactConversation: { ...own, ...execute },
  searchConversations: { ...own, ...read },
  streamChat: { ...own, ...execute },
  resumeChat: { ...own, ...read },

  ...staffPolicies,
  ...commercePolicies,

  // Administration: clients, agents, workflows
  listClients: { ...byAdmins, ...read },
  createClient: { by: "account", platform: admin, ...write },
  actWithinClient: { by: "session", platform: admin, ...write },
  getClient: { ...byAdmins, ...read },
  updateClient: { ...byAdmins, ...write },
  deactivateClient: { ...byAdmins, ...write },
  getClientStats: { ...byAdmins, ...read },
  updateClientInstanceConfig: { ...byAdmins, ...write },
  listAgents: { ...byAdmins, ...read },
  getAgent: { ...byAdmins, ...read },
  setAgentStatus: { ...byAdmins, ...write },
  restartAgent: { ...byAdmins, ...write },
  listAgentDefinitions: { ...byAdmins, ...read },
  createAgentDefinition: { ...byAdmins, ...write },
  getAgentDefinition: { ...byAdmins, ...read },
  updateAgentDefinition: { ...byAdmins, ...write },
  deleteAgentDefinition: { ...byAdmins, ...write },
  listWorkflows: { ...byAdmins, ...read },
  createWorkflow: { ...byAdmins, ...write },
  validateWorkflow: { ...byAdmins, ...read },
  getWorkflow: { ...byAdmins, ...read },
  updateWorkflow: { ...byAdmins, ...write },
  deleteWorkflow: { ...byAdmins, ...write },
  listWorkflowVersions: { ...byAdmins, ...read },
  listRunsOfWorkflow: { ...byAdmins, ...read },
  listRunsOfPlatform: { ...byAdmins, ...read },
  getRunOfPlatform: { ...byAdmins, ...read },
  listTasksOfRunOfPlatform: { ...byAdmins, ...read },
  getRunTraceOfPlatform: { ...byAdmins, ...read },
  decideRun: { ...byAdmins, ...write },

  // Administration: users, subscriptions, system
  listAudit: { ...byAdmins, ...read },
  listUsers: { ...readingUsers, ...read },
  getUser: { ...readingUsers, ...read },
  getUserActivity: { ...readingUsers, ...read },
  getUserAudit: { ...readingUsers, ...read },
  listUserSessions: { ...readingUsers, ...read },
  updateUser: { ...administeringUsers, ...write },
  deleteUser: { ...administeringUsers, ...write },
  bulkUsers: { ...administeringUsers, ...write },
  exportUsers: { ...administeringUsers, ...read },
  importUsers: { ...administeringUsers, ...write },
  getUserImport: { ...administeringUsers, ...read },
  grantPermission: { ...administeringUsers, ...write },
  revokePermission: { ...administeringUsers, ...write },
  endUserSessions: { ...administeringUsers, ...write },
  setUserPassword: { ...administeringUsers, ...write },
  listPermissions: { ...administeringUsers, ...read },
  listSubscriptions: { ...administeringSubscriptions, ...read },
  createSubscription: { ...administeringSubscriptions, ...write },
  getSubscriptionOfUser: { ...administeringSubscriptions, ...read },
  updateSubscription: { ...administeringSubscriptions, ...write },
  getUsageSeriesOfPlatform: { ...byAdmins, ...read },
  getDashboard: { ...ofThePlatform, ...read },
  listTopics: { ...ofThePlatform, ...read },
  listDeadLetters: { ...ofThePlatform, ...read },
  redriveDeadLetter: { ...ofThePlatform, ...write },
  redriveDeadLetters: { ...ofThePlatform, ...write },
  getSystemStatus: { ...ofThePlatform, ...read },
  getSystemHealth: { ...ofThePlatform, ...read },
  listSystemLogs: { ...ofThePlatform, ...read },
  getSystemMetrics: { ...ofThePlatform, ...read },
  getSystemConfig: { ...ofThePlatform, ...read },
  updateSystemConfig: { ...ofThePlatform, ...write },
  setMaintenance: { ...ofThePlatform, ...write },

  // Webhooks
  listWebhooks: { ...byAdmins, ...read },
  createWebhook: { ...byAdmins, ...write },
  getWebhook: { ...byAdmins, ...read },
  updateWebhook: { ...byAdmins, ...write },
  deleteWebhook: { ...byAdmins, ...write },
  rotateWebhookSecret: { ...byAdmins, ...write },
  testWebhook: { ...byAdmins, ...write },
  listWebhookDeliveries: { ...byAdmins, ...read },
  getWebhookDelivery: { ...byAdmins, ...read },
  redeliverWebhook: { ...byAdmins, ...write },

  // What tells how the platform is
  getHealth: { ...open, ...read, cost: 0 },
} as const satisfies Record<string, Policy>;

export type OperationName = keyof typeof policies;

/** Names of operations that are for certain callers, and for no visitor of a widget. */
export type NameBy<B extends Policy["by"]> = {
  [N in OperationName]: (typeof policies)[N] extends { visitors: true }
    ? never
    : (typeof policies)[N]["by"] extends B
      ? N
      : never;
}[OperationName];

/** Names of operations that are for certain callers, and for visitors of widgets as well. */
export type NameByVisitorsAnd<B extends Policy["by"]> = {
  [N in OperationName]: (typeof policies)[N] extends { by: B; visitors: true } ? N : never;
}[OperationName];
