import { expect, it } from "vitest";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import { audienceOf, type EventOf, eventCatalogue, eventProblem } from "#src/kernel/event-catalogue.ts";

it("An event of the catalogue is as it says; one of an earlier release is told apart, and what is wrong with it", () => {
  expect(eventProblem("user.deleted", { user_id: "u" })).toBeUndefined();
  expect(eventProblem("user.deleted", { user_id: "u", more: 1 })).toBeUndefined();
  expect(eventProblem("user.deleted", {})).toMatch(/^user_id: /);
  expect(eventProblem("user.forgotten", {})).toBe("not in the catalogue");
});

it("A name that the catalogue does not have is as private as can be", () => {
  expect(audienceOf("user.forgotten")).toBe("owner");
  expect(audienceOf("system.alert")).toBe("tenant");
});

it("Webhooks carry what the specification names, and nothing else", () => {
  const carried = Object.entries(eventCatalogue).flatMap(([name, { webhooks }]) => (webhooks ? [name] : []));
  expect(carried.sort()).toEqual([
    "analytics.answered",
    "conversation.assigned",
    "conversation.created",
    "conversation.ended",
    "conversation.message",
    "conversation.updated",
    "conversation.waiting",
    "customer.created",
    "customer.deleted",
    "customer.updated",
    "execution.completed",
    "execution.failed",
    "execution.paused",
    "order.cancelled",
    "order.completed",
    "order.confirmed",
    "order.created",
    "order.fulfilled",
    "order.payment.recorded",
    "order.returned",
    "order.updated",
    "product.archived",
    "product.created",
    "product.stock.changed",
    "product.stock.low",
    "product.updated",
    "security.suspicious_activity",
    "subscription.cancelled",
    "subscription.created",
    "subscription.updated",
    "trigger.failed",
    "trigger.fired",
    "user.created",
    "user.deleted",
    "user.updated",
  ]);
});

it("What the catalogue does not have does not compile where it is written", () => {
  const known: EventOf = { event: "user.deleted", data: { user_id: "u" } };
  // @ts-expect-error no event of this name
  const unknown: EventOf = { event: "user.forgotten", data: { user_id: "u" } };
  // @ts-expect-error data of another event
  const other: EventOf = { event: "user.created", data: { user_id: "u" } };
  // @ts-expect-error no action of this name
  const action: AuditAction = "user.forgotten";
  expect([known, unknown, other, action]).toHaveLength(4);
});
