import { validationError } from "#src/http/error-response.ts";
import { isTalker, oneself, personOf } from "#src/kernel/actor.ts";
import type { GatewayRequest } from "../context.ts";
import { isOfOneself } from "../older-paths.ts";
import type { Offer } from "./offer.ts";

type Fields = Record<string, unknown>;

const isFields = (given: unknown): given is Fields =>
  typeof given === "object" && given !== null && !Array.isArray(given);

/** With the caller as its person. @throws AppError `VALIDATION_ERROR` where it names somebody else */
function ofCaller(c: GatewayRequest, given: Fields, path: (string | number)[]): Fields {
  const { user_id: asked = oneself } = given;
  if (asked !== oneself && asked !== ownId(c))
    throw validationError([
      {
        code: "custom",
        path: [...path, "user_id"],
        message: "This address is about yourself",
        input: asked,
      },
    ]);
  return { ...given, user_id: oneself };
}

function ownId(c: GatewayRequest): string | undefined {
  const actor = c.get("actor");
  return actor && isTalker(actor) ? personOf(actor).id : undefined;
}

/** How is offered what is about a person that its body names: below `/user/personalization` that is the caller. */
export const ofOneself: Offer<unknown> = {
  amend: (c, body) => (isOfOneself(c.req.raw) && isFields(body) ? ofCaller(c, body, []) : body),
};

/** The same of each of a list in the body. */
export const eachOfOneself = (list: string): Offer<unknown> => ({
  amend: (c, body) => {
    if (!isOfOneself(c.req.raw) || !isFields(body)) return body;
    const all = body[list];
    if (!Array.isArray(all)) return body;
    return {
      ...body,
      [list]: all.map((one: unknown, index) => (isFields(one) ? ofCaller(c, one, [list, index]) : one)),
    };
  },
});
