import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import { z } from "zod";
import type { TestUser } from "./users.ts";

const resultSchema = z.looseObject({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ extensions: z.looseObject({ code: z.string() }) })).optional(),
  extensions: z.looseObject({ seq: z.number().nullish() }).optional(),
});

export interface Told {
  event: string;
  id: string | undefined;
  result: z.infer<typeof resultSchema> | undefined;
}

const messageOf = (text: string): Told | undefined => {
  const fields = new Map(
    text.split("\n").flatMap((line) => {
      const [, name = "", value = ""] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      return name ? [[name, value] as const] : [];
    }),
  );
  const event = fields.get("event");
  if (event === undefined) return undefined;
  const data = fields.get("data");
  return { event, id: fields.get("id"), result: data ? resultSchema.parse(JSON.parse(data)) : undefined };
};

/** An operation whose results are streamed. */
export const ask = (
  user: TestUser,
  query: string,
  headers: Record<string, string> = {},
  variables: object = {},
) =>
  exports.default.fetch("http://platform.test/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "text/event-stream",
      ...user.headers,
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });

/** A subscription under way: what it tells, one after another. */
export async function subscribed(...of: Parameters<typeof ask>) {
  const answer = await ask(...of);
  expect(answer.status, await (answer.ok ? "" : answer.clone().text())).toBe(200);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let unread = "";
  return {
    async next(): Promise<Told | undefined> {
      for (;;) {
        const end = unread.indexOf("\n\n");
        if (end >= 0) {
          const message = messageOf(unread.slice(0, end));
          unread = unread.slice(end + 2);
          if (message) return message;
          continue;
        }
        const read = await reader?.read();
        if (!read || read.done) return undefined;
        unread += read.value;
      }
    },
    end: () => reader?.cancel(),
  };
}

/** The next so many results. */
export async function results(of: { next(): Promise<Told | undefined> }, count: number) {
  const told = [];
  while (told.length < count) {
    const next = await of.next();
    if (!next) break;
    told.push(next);
  }
  return told;
}
