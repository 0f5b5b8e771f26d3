/** Every permission that can be granted; what each opens stands in the policies of operations. */
export const permissions = {
  "*": { description: "Everything that an administrator of the tenant may" },
  "personas.create": {
    description: "Make and change persona templates of the tenant",
  },
  "personas.delete": {
    description: "Delete templates of the tenant, and other people's persona instances in it",
  },
  "projects.manage": {
    description: "Read, change and delete other people's projects in the tenant",
  },
  "conversations.handle": {
    description: "Read conversations of the tenant, take them, and answer in them in the persona's place",
  },
  "commerce.read": {
    description: "Read orders, products, customers and stock of the tenant, and hear of them",
  },
  "commerce.orders": {
    description: "Make orders of the tenant, change them, and record what is paid for them",
  },
  "commerce.manage": {
    description:
      "Change products, customers, stock and locations of the tenant; other prices than the products'",
  },
  "commerce.analytics": {
    description: "See the figures of the tenant's shop",
  },
  "customers.contact": {
    description: "See e-mail addresses, telephone numbers and addresses of customers in clear",
  },
  "users.read": {
    description:
      "Read accounts of the tenant, their sessions, activity and audit log; each read leaves a trace",
  },
  "admin.users": {
    description:
      "Administer accounts of the tenant that may do no more than oneself, except their roles; their tiers with `admin.subscriptions`",
  },
  "admin.subscriptions": {
    description: "Administer subscriptions of the tenant",
  },
  "admin.system": {
    description:
      "In the operator's tenant: configure the platform and put it under maintenance; see topics and dead letters, and send dead letters again",
  },
} as const satisfies Record<string, { description: string }>;

export type Permission = keyof typeof permissions;

const isPermission = (name: string): name is Permission => Object.hasOwn(permissions, name);
export const permissionNames: readonly Permission[] = Object.keys(permissions).filter(isPermission).sort();

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
