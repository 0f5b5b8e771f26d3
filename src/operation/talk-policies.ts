const anyone = ["anybody"] as const;

/** With one's own conversations; a visitor of a widget has some as well. */
const ownTalk = { by: "account", own: anyone, visitors: true } as const;
/** The staff of a tenant, which answers in the persona's place as well. */
const byStaff = {
  by: "account",
  tenant: [{ role: "moderator" }, { permission: "conversations.handle" }],
  platform: [{ role: "admin" }],
} as const;

const read = { rate: "read" } as const;
const write = { rate: "write" } as const;
const execute = { rate: "execute" } as const;

/** The policies of what visitors of widgets do as well as accounts, and of the widgets that let them in. */
export const talkPolicies = {
  listWidgets: { ...byStaff, ...read },
  createWidget: { ...byStaff, ...write },
  getWidget: { ...byStaff, ...read },
  updateWidget: { ...byStaff, ...write },
  deleteWidget: { ...byStaff, ...write },
  rotateWidgetSecret: { ...byStaff, ...write },
  openWidgetSession: { by: "anybody", own: anyone, rate: "sign-in" },
  createConversation: { ...ownTalk, ...execute },
  listConversations: { ...ownTalk, ...read },
  getConversation: { ...ownTalk, ...read },
  updateConversation: { ...ownTalk, ...write },
  deleteConversation: { ...ownTalk, ...write },
  listMessages: { ...ownTalk, ...read },
  getMessage: { ...ownTalk, ...read },
  sendMessage: { ...ownTalk, ...execute },
  editMessage: { ...ownTalk, ...execute },
  deleteMessage: { ...ownTalk, ...write },
  regenerateMessage: { ...ownTalk, ...execute },
  activateBranch: { ...ownTalk, ...write },
  stopTurn: { ...ownTalk, ...write },
  putReceipts: { ...ownTalk, ...write },
  rateMessage: { ...ownTalk, ...write },
  rateConversation: { ...ownTalk, ...write },
  listOwnMemories: { ...ownTalk, ...read },
  deleteOwnMemory: { ...ownTalk, ...write },
  streamConversation: { ...ownTalk, ...read },
  uploadAttachment: { ...ownTalk, ...write },
  getAttachment: { ...ownTalk, ...read },
  connectConversation: { ...ownTalk, by: "session", ...read },
  requestHandover: { ...ownTalk, ...write },
} as const;
