const anyone = ["anybody"] as const;
const admin = [{ role: "admin" }] as const;
const own = { by: "account", own: anyone } as const;
/** Of oneself; visitors of widgets have a profile as well. */
const ownOfAll = { ...own, visitors: true } as const;
/** By whoever has signed in: what a person agrees to no program says for them. */
const inPerson = { by: "session", own: anyone } as const;
/** One's own, or for staff that of whoever is in their tenant. */
const reading = {
  by: "account",
  own: anyone,
  tenant: [{ role: "moderator" }, { permission: "conversations.handle" }],
} as const;
/** With the catalogue that a tenant has for all of its persons. */
const ofTheTenant = { by: "account", tenant: admin } as const;
/** By whoever is in the tenant that the catalogue is of. */
const withinTheTenant = { by: "account", tenant: anyone } as const;
/** Of oneself; administrators of anybody in their tenant. */
const ownAndTenant = { by: "account", own: anyone, tenant: admin } as const;
const read = { rate: "read" } as const;
const write = { rate: "write" } as const;

/** The policies of what is known of persons, of what they agree to, and of what is recommended to them. */
export const personPolicies = {
  getConsents: { ...ownOfAll, ...read },
  updateConsents: { ...inPerson, visitors: true, ...write },
  exportOwnData: { ...inPerson, ...read },
  createPersonProfile: { ...ownOfAll, ...write },
  getPersonProfile: { ...reading, visitors: true, ...read },
  updatePersonProfile: { ...ownOfAll, ...write },
  patchPersonProfile: { ...ownOfAll, ...write },
  deletePersonProfile: { ...ownOfAll, ...write },
  updateFact: { ...ownOfAll, ...write },
  deleteFact: { ...ownOfAll, ...write },
  createContextEvent: { ...own, ...write },
  getPersonContext: { ...reading, visitors: true, ...read },
  putItems: { ...ofTheTenant, ...write },
  getItem: { ...withinTheTenant, ...read },
  deleteItem: { ...ofTheTenant, ...write },
  listItems: { ...withinTheTenant, ...read },
  recordInteractions: { ...ownAndTenant, ...write },
  recommendItems: { ...ownAndTenant, ...read },
  findSimilarItems: { ...withinTheTenant, ...read },
} as const;
