import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasRole, type Role, roles } from "#src/kernel/actor.ts";
import { eventCatalogue } from "#src/kernel/event-catalogue.ts";
import type { EventEntry } from "#src/kernel/events/entry.ts";
import { type Permission, permissionNames } from "#src/kernel/permissions.ts";
import { type Policy, policies } from "#src/operation/policy.ts";
import { send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { connect, isEvent, say } from "../../support/sockets.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";

const kept: [string, EventEntry][] = Object.entries(eventCatalogue);
/** Events that the log keeps. */
const names = kept.flatMap(([name, { seenBy, passes }]) => (seenBy === "connection" || passes ? [] : [name]));

/** What REST shows of the same things: who may do that to others' may hear of them. */
const shownBy: Record<string, Policy> = {
  instance: policies.getInstance,
  execution: policies.getRun,
  // Where the answer stands.
  analytics: policies.getRun,
  user: policies.getUser,
  security: policies.getUser,
  subscription: policies.getSubscriptionOfUser,
  webhook: policies.getWebhook,
  trigger: policies.getInstance,
  profile: policies.getConsents,
  consent: policies.getConsents,
  conversation: policies.getConversationOfTenant,
  order: policies.getOrder,
  product: policies.getProduct,
  customer: policies.getCustomer,
};

interface Hearer {
  role: Role;
  permission?: Permission;
}

/** Whether the policy table lets somebody at others' things; administrators have every permission. */
const reaches = ({ role, permission }: Hearer, { tenant = [] }: Policy): boolean =>
  tenant.some((right) => {
    if (right === "anybody") return true;
    if ("role" in right) return hasRole({ role }, right.role);
    return role === "admin" || permission === "*" || permission === right.permission;
  });

/** What has no owner is for all of its tenant, except for the shop's books: those are for who may read them. */
const isForAll = (name: string): boolean => !/^(order|product|customer)\./.test(name);

/** What is for all of the tenant is nobody's own. */
const isOfAll = (name: string): boolean => name.startsWith("system.");

function mayHear(hearer: Hearer, isOwn: boolean, name: string): boolean {
  const [kind = ""] = name.split(".");
  const policy = shownBy[kind];
  return isOwn || isOfAll(name) || (policy !== undefined && reaches(hearer, policy));
}

/** Whether a pattern means an event, said in another way than the hub does. */
const means = (pattern: string, name: string): boolean => {
  const shape = pattern.replaceAll(".", "\\.").replaceAll("**", "<rest>").replaceAll("*", "[^.]+");
  const expression = new RegExp(`^${shape.replaceAll("<rest>", ".+")}$`);
  return expression.test(name) || (name.startsWith("execution.") && expression.test(`instance.${name}`));
};

const idsOf = (frames: readonly { seq?: number; entity_id?: string }[]) =>
  frames.flatMap(({ seq, entity_id }) => (seq === undefined ? [] : entity_id));

const hearers: [string, Hearer][] = [
  ...roles.map((role): [string, Hearer] => [role, { role }]),
  ...permissionNames.map((permission): [string, Hearer] => [permission, { role: "user", permission }]),
];

describe("A socket of each role, and of who has a permission", () => {
  it.each(hearers)(
    "%s hears of others what the policy table shows them, live, in history and in a replay",
    async (who, hearer) => {
      const clientId = `hears_${who.replace("*", "all").replace(".", "_")}`;
      const { role, permission } = hearer;
      const permissions = permission === undefined ? [] : [permission];
      const listener = await createUserWithSession(clientId, { role, permissions });
      const live = await connect(listener);
      await live.subscribe("**");
      for (const name of names) await say(clientId, name, isOfAll(name) ? null : "somebody-else", name);
      await say(clientId, "end", null, "system.notification");
      await live.next(isEvent("end"));
      const expected = [...names.filter((name) => mayHear(hearer, false, name)), "end"];
      expect(idsOf(live.frames)).toEqual(expected);
      // By a ticket, which says the same of its holder as the token.
      const ticketed = await send("POST", "/api/v1/ws/ticket", {}, listener.headers);
      const { ticket } = await ticketed.json<{ ticket: string }>();
      const replay = await connect({ headers: {} }, `?since=0&ticket=${encodeURIComponent(ticket)}`);
      await replay.subscribe("**");
      await replay.next(isEvent("end"));
      expect(idsOf(replay.frames)).toEqual(expected);
      const events: unknown = (await replay.history(0)).data?.events;
      expect(events).toMatchObject(expected.map((entity_id) => ({ entity_id })));
    },
  );
});

it("Whatever is subscribed to and happens, each hears what they asked for and may hear, in order, and nothing else", async () => {
  const pattern = fc.constantFrom(
    "**",
    "*.*",
    "execution.*",
    "instance.**",
    "instance.execution.*",
    "user.*",
    "system.*",
    "execution.task.*",
    "security.**",
  );
  const wish = fc.record({ pattern, only: fc.constantFrom(undefined, "one", "two") });
  const happening = fc.record({
    name: fc.constantFrom(...names),
    thing: fc.constantFrom("one", "two"),
    owner: fc.constantFrom(0, 1, 2, 3, null),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(wish, { maxLength: 3 }), { minLength: 4, maxLength: 4 }),
      fc.array(happening, { maxLength: 12 }),
      async (wishes, happenings) => {
        const clientId = `hear_model_${run++}`;
        const listeners: TestUser[] = [];
        for (const role of [...roles, "user"] as const)
          listeners.push(await createUserWithSession(clientId, { role }));
        const sockets = await Promise.all(listeners.map((user) => connect(user)));
        for (const [index, socket] of sockets.entries()) {
          for (const { pattern: asked, only } of wishes[index] ?? []) await socket.subscribeTo([asked], only);
          await socket.subscribeTo(["system.notification"], "end");
        }
        for (const [index, { name, thing, owner }] of happenings.entries()) {
          const ownerUserId = owner === null || isOfAll(name) ? null : (listeners[owner]?.actor.userId ?? "");
          const told = { event: name, entityId: thing, ownerUserId };
          const id = `h${index}`;
          await tenantObject(clientId).appendEvent({ id, ...told, data: { id } });
        }
        await say(clientId, "end", null, "system.notification");
        for (const [index, { next, frames }] of sockets.entries()) {
          await next(isEvent("end"));
          const role = listeners[index]?.actor.role ?? "user";
          const asked = wishes[index] ?? [];
          const expected = happenings.flatMap(({ name, thing, owner }, number) =>
            ((owner === null && isForAll(name)) || mayHear({ role }, owner === index, name)) &&
            asked.some((one) => means(one.pattern, name) && (one.only ?? thing) === thing)
              ? [`h${number}`]
              : [],
          );
          const heard = frames.flatMap(({ seq, data }) =>
            seq === undefined || typeof data?.id !== "string" ? [] : [data.id],
          );
          expect(heard.filter((id) => id !== "end")).toEqual(expected);
        }
      },
    ),
    { numRuns: 10 },
  );
}, 60_000);
