import type { Actor } from "#src/kernel/actor.ts";
import { key, operator, person, schedule, system, visitor } from "../../support/actors.ts";

const holder = (...permissions: string[]) => person({ permissions });
const administrator = { role: "admin" } as const;

/** Every caller that one policy or another tells from the rest, under a short name. */
export const callers = {
  vis: visitor,
  usr: person(),
  key,
  sch: schedule,
  mod: person({ role: "moderator" }),
  adm: person(administrator),
  kadm: { ...key, ...administrator },
  all: holder("*"),
  read: holder("users.read"),
  users: holder("admin.users"),
  subs: holder("admin.subscriptions"),
  sys: holder("admin.system"),
  auth: holder("personas.create"),
  del: holder("personas.delete"),
  proj: holder("projects.manage"),
  shop: holder("commerce.read"),
  ord: holder("commerce.orders"),
  mng: holder("commerce.manage"),
  fig: holder("commerce.analytics"),
  "op:usr": operator({ scope: "tenant" }),
  "op:mod": operator({ scope: "tenant", role: "moderator" }),
  "op:adm": operator(administrator),
  "op:all": operator({ permissions: ["*"] }),
  "op:users": operator({ permissions: ["admin.users"] }),
  "op:subs": operator({ permissions: ["admin.subscriptions"] }),
  "op:sys": operator({ permissions: ["admin.system"] }),
  "op:auth": operator({ permissions: ["personas.create", "personas.delete", "admin.users"] }),
  platform: system,
} as const satisfies Record<string, Actor>;
