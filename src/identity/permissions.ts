/** Every permission that can be granted, and the operations that it opens (spec 01-identity, "Roles"). */
export const permissions = {
  "*": { description: "Everything that an administrator of the tenant may", opens: ["*"] },
  "personas.create": {
    description: "Make and change persona templates of the tenant",
    opens: [
      "listTemplates",
      "createTemplate",
      "getTemplate",
      "updateTemplate",
      "cloneTemplate",
      "validateTemplate",
      "listTemplateVersions",
    ],
  },
  "personas.delete": {
    description: "Delete templates of the tenant, and other people's persona instances in it",
    opens: ["deleteTemplate", "deleteInstance"],
  },
  "projects.manage": {
    description: "Read, change and delete other people's projects in the tenant",
    opens: ["getProject", "updateProject", "deleteProject"],
  },
  "users.read": {
    description:
      "Read accounts of the tenant, their sessions, activity and audit log; each read leaves a trace",
    opens: ["listUsers", "getUser", "getUserActivity", "getUserAudit", "listUserSessions"],
  },
  "admin.users": {
    description:
      "Administer accounts of the tenant that may do no more than oneself, except their roles; their tiers with `admin.subscriptions`",
    opens: [
      "listUsers",
      "getUser",
      "getUserActivity",
      "getUserAudit",
      "listUserSessions",
      "updateUser",
      "deleteUser",
      "bulkUsers",
      "exportUsers",
      "importUsers",
      "getUserImport",
      "grantPermission",
      "revokePermission",
      "endUserSessions",
      "setUserPassword",
      "listPermissions",
    ],
  },
  "admin.subscriptions": {
    description: "Administer subscriptions of the tenant",
    opens: ["listSubscriptions", "createSubscription", "getSubscriptionOfUser", "updateSubscription"],
  },
  "admin.system": {
    description: "In the operator's tenant: see topics and dead letters, and send dead letters again",
    opens: ["listTopics", "listKafkaTopics", "listDeadLetters", "redriveDeadLetter"],
  },
} as const satisfies Record<string, { description: string; opens: readonly string[] }>;

/** The older system's names. */
const spellings: Readonly<Record<string, keyof typeof permissions>> = {
  "read:users": "users.read",
  "write:users": "admin.users",
  "manage:subscriptions": "admin.subscriptions",
  "system:admin": "admin.system",
};

/** A permission by its name or an older spelling of it; anything else stays what it is. */
export const permissionNamed = (name: string): string => spellings[name] ?? name;

/** The older spellings of a permission. */
export const spellingsOf = (permission: string): string[] =>
  Object.keys(spellings).filter((spelling) => spellings[spelling] === permission);
