/** Nouns for the verbs that operation ids begin with. */
const nouns: Readonly<Record<string, string>> = {
  create: "New",
  get: "",
  list: "List of",
  update: "Change of",
  patch: "Partial change of",
  delete: "Deletion of",
  search: "Search in",
  end: "End of",
  set: "Setting of",
};

/** Operations that no rule names well. */
const named: Readonly<Record<string, string>> = {
  register: "Registration",
  login: "Sign-in",
  logout: "Sign-out",
  refreshTokens: "Token refresh",
  validateToken: "Token check",
  verifyEmail: "Proof of an e-mail address",
  resendVerification: "Verification mail",
  forgotPassword: "Password-reset mail",
  resetPassword: "Password reset",
  changePassword: "Password change",
  changeEmail: "Change of e-mail address",
  confirmEmail: "Confirmation of a new e-mail address",
  uploadAvatar: "Avatar upload",
  connectWebSocket: "WebSocket",
  checkQuota: "Quota check",
  cloneTemplate: "Copy of a template",
  validateTemplate: "Template check",
  validatePersonaConfig: "Configuration check",
  executeInstance: "Execution",
  stopInstance: "Cancellation of runs",
  resumeRun: "Answer to a waiting run",
  streamRunEvents: "Event stream of a run",
  restartAgent: "Restart of an agent",
  redriveDeadLetter: "Redelivery of a dead letter",
  decideRun: "Decision about a run",
  decideRunByOlderPath: "Decision about a run, by the older path",
  deactivateClient: "Deactivation of a client",
  exportUsers: "Export of accounts",
  importUsers: "Import of accounts",
  bulkUsers: "Bulk operation on accounts",
  grantPermission: "Permission grant",
  getPersonaChat: "Terms of talking with a persona",
  publishPersona: "Publication of a persona",
  adjustStock: "Adjustment of stock",
  cancelOrder: "Cancellation of an order",
  completeOrder: "Completion of an order",
  confirmOrder: "Confirmation of an order",
  createOrderPayment: "New entry of a ledger",
  deleteCustomer: "Removal of a customer",
  deleteProduct: "Archiving of a product",
  getShopDashboard: "Dashboard of the shop",
  exportCustomers: "Export of customers",
  exportOrders: "Export of orders",
  exportProducts: "Export of products",
  fulfilOrder: "Fulfilment of an order",
  listOrderEvents: "History of an order",
  listOrderPayments: "Ledger of an order",
  listOrdersOfCustomer: "Orders of a customer",
  listStock: "Stock of a product",
  returnOrder: "Return of an order",
  createConversation: "Beginning of a conversation",
  sendMessage: "New message",
  editMessage: "Rewriting of a message",
  regenerateMessage: "Another answer",
  activateBranch: "Choice of a branch",
  stopTurn: "End of a running answer",
  compactConversation: "Summary of a conversation",
  putReceipts: "Read receipt",
  requestHandover: "Request for a person",
  listConversationsOfTenant: "List of conversations of a tenant",
  getConversationOfTenant: "Conversation as the staff sees it",
  takeConversation: "Takeover of a conversation",
  releaseConversation: "Return of a conversation to the queue",
  handBackConversation: "Return of a conversation to its persona",
  assignConversation: "Assignment of a conversation",
  setConversationStatus: "Status of a conversation",
  replyToConversation: "Answer of the staff",
  streamConversationOfTenant: "Event stream for the staff",
  uploadAttachment: "Upload for a message",
  getAttachment: "File of a message",
  uploadAttachmentOfTenant: "Upload for an answer of the staff",
  getAttachmentOfTenant: "File of a message as the staff sees it",
  streamConversation: "Event stream of a conversation",
  revokePermission: "Permission withdrawal",
};

/** A short noun for an operation: `listUserSessions` is "List of user sessions". */
export function nameOf(operationId: string): string {
  const known = named[operationId];
  if (known !== undefined) return known;
  const [verb = "", ...rest] = operationId.replaceAll(/[A-Z]/g, " $&").toLowerCase().split(" ");
  const noun = nouns[verb];
  const name = noun === undefined ? [verb, ...rest] : [noun, ...rest];
  return name
    .join(" ")
    .trim()
    .replace(/^./, (letter) => letter.toUpperCase());
}
