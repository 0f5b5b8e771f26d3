const anyone = ["anybody"] as const;
const own = { by: "account", own: anyone } as const;
/** By whoever has signed in: what a person agrees to no program says for them. */
const inPerson = { by: "session", own: anyone } as const;
/** One's own, or for staff that of whoever is in their tenant. */
const reading = {
  by: "account",
  own: anyone,
  tenant: [{ role: "moderator" }, { permission: "conversations.handle" }],
} as const;
const read = { rate: "read" } as const;
const write = { rate: "write" } as const;

/** The policies of what is known of persons, and of what they agree to. */
export const personPolicies = {
  getConsents: { ...own, ...read },
  updateConsents: { ...inPerson, ...write },
  exportOwnData: { ...inPerson, ...read },
  createPersonProfile: { ...own, ...write },
  getPersonProfile: { ...reading, ...read },
  updatePersonProfile: { ...own, ...write },
  patchPersonProfile: { ...own, ...write },
  deletePersonProfile: { ...own, ...write },
  updateFact: { ...own, ...write },
  deleteFact: { ...own, ...write },
  createContextEvent: { ...own, ...write },
  getPersonContext: { ...reading, ...read },
} as const;
