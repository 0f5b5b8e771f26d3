import type { AskedCall } from "./asked-calls.ts";

/** An order of the shop, as the tools have told of it. */
const told = /"order_id":"([\w-]{36})","number":(\d+),"status":"(\w+)"/;

/** The number of the order that somebody asks about: "where is order 1042?". */
const numberIn = (text: string): number | undefined => {
  const [, number] = /\border\s+(?:number\s+|no\.?\s*|#)?(\d{1,9})\b/i.exec(text) ?? [];
  return number === undefined ? undefined : Number(number);
};

/**
 * What a model does that has the shop's tools and is asked about an order: it looks it up, and cancels it if that is what
 * is wanted.
 * @param results what the tools have told since
 */
export function orderCalls(text: string, results: string, tools: readonly string[]): AskedCall[] {
  const number = numberIn(text);
  if (number === undefined || !tools.includes("orders_find")) return [];
  if (results === "") return [{ name: "orders_find", input: { number } }];
  const [, order_id, , status] = told.exec(results) ?? [];
  const wantsEnd = /\bcancel\b/i.test(text) && (status === "pending" || status === "confirmed");
  if (!order_id || !wantsEnd || !tools.includes("orders_cancel") || /"cancelled"|TOOL_REFUSED/.test(results))
    return [];
  return [{ name: "orders_cancel", input: { order_id, reason: "The customer has asked for it" } }];
}

/** What it says of the order in the end. */
export function orderAnswer(text: string, results: string): string | undefined {
  const number = numberIn(text);
  if (number === undefined || results === "") return undefined;
  const all = [...results.matchAll(new RegExp(told, "g"))].at(-1);
  const refused = results.includes("TOOL_REFUSED") ? " I was not allowed to change it." : "";
  return all ? `Order ${all[2]} is ${all[3]}.${refused}` : `There is no order ${number}.`;
}
