import type { Order } from "../../data/shop.ts";

const levels: Partial<Record<Order["status"], string>> = {
  pending: "warn",
  cancelled: "error",
  returned: "error",
};

/** How loudly a status is shown. */
export const levelOf = (status: Order["status"]): string => levels[status] ?? "";

export type OrderAction = "confirm" | "fulfil" | "complete" | "cancel" | "return";

const actions: Record<OrderAction, { name: string; told: string; from: readonly Order["status"][] }> = {
  confirm: { name: "Confirm", told: "Confirmed", from: ["pending"] },
  fulfil: { name: "Fulfil", told: "Fulfilled: what it is of has left", from: ["confirmed"] },
  complete: { name: "Complete", told: "Completed", from: ["fulfilled"] },
  return: { name: "Take back", told: "Taken back, and in stock again", from: ["fulfilled", "completed"] },
  cancel: {
    name: "Cancel",
    told: "Cancelled: what it held can be sold again",
    from: ["pending", "confirmed"],
  },
};

/** What an action is called, and what is told once it is done. */
export const wordsOf = (action: OrderAction): { name: string; told: string } => actions[action];

const all = ["confirm", "fulfil", "complete", "return", "cancel"] as const;

/** What can be done with an order in a status, what leads on first. */
export const actionsIn = (status: Order["status"]): OrderAction[] =>
  all.filter((action) => actions[action].from.includes(status));
