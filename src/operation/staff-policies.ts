/** People who answer in the persona's place; the operator's administrators do in every tenant. */
const byStaff = {
  by: "account",
  tenant: [{ role: "moderator" }, { permission: "conversations.handle" }],
  platform: [{ role: "admin" }],
} as const;
const read = { rate: "read" } as const;
const write = { rate: "write" } as const;

/** The policies of a tenant's staff: its conversations, and how they go (docs/analytics.md#looking). */
export const staffPolicies = {
  listConversationsOfTenant: { ...byStaff, ...read },
  getConversationOfTenant: { ...byStaff, ...read },
  takeConversation: { ...byStaff, ...write },
  releaseConversation: { ...byStaff, ...write },
  handBackConversation: { ...byStaff, ...write },
  assignConversation: { ...byStaff, ...write },
  setConversationStatus: { ...byStaff, ...write },
  replyToConversation: { ...byStaff, ...write },
  hideMessage: { ...byStaff, ...write },
  releaseMessage: { ...byStaff, ...write },
  listModerationRules: { ...byStaff, ...read },
  createModerationRule: { ...byStaff, ...write },
  getModerationRule: { ...byStaff, ...read },
  updateModerationRule: { ...byStaff, ...write },
  deleteModerationRule: { ...byStaff, ...write },
  streamConversationOfTenant: { ...byStaff, ...read },
  exportConversations: { ...byStaff, ...read },
  connectConversationOfTenant: { ...byStaff, by: "session", ...read },
  uploadAttachmentOfTenant: { ...byStaff, ...write },
  getAttachmentOfTenant: { ...byStaff, ...read },
  listCannedReplies: { ...byStaff, ...read },
  createCannedReply: { ...byStaff, ...write },
  getCannedReply: { ...byStaff, ...read },
  updateCannedReply: { ...byStaff, ...write },
  deleteCannedReply: { ...byStaff, ...write },
  getUserAnalytics: { ...byStaff, ...read },
  getConversationAnalytics: { ...byStaff, ...read },
  getRetention: { ...byStaff, ...read },
  getRecommendationAnalytics: { ...byStaff, ...read },
  getSystemAnalytics: { ...byStaff, ...read },
  listFunnels: { ...byStaff, ...read },
  createFunnel: { ...byStaff, ...write },
  getFunnel: { ...byStaff, ...read },
  updateFunnel: { ...byStaff, ...write },
  deleteFunnel: { ...byStaff, ...write },
  getFunnelResult: { ...byStaff, ...read },
} as const;
