import type { Context } from "hono";
import { assertGoesOn } from "#src/identity/index.ts";
import { isWidgetVisitor } from "#src/kernel/actor.ts";
import { assertVisitGoesOn } from "#src/visitors/index.ts";
import type { GatewayContext } from "./context.ts";
import { bearerToken } from "./middleware/authenticate.ts";

/** Often enough that a lease of the access gate is renewed before its end, so that the bound on revocations holds. */
const lookEveryMs = 800;
/** For visitors, of whom the database is asked: what was switched off ends within four seconds. */
const lookAtVisitorsEveryMs = 3000;

/**
 * Resolves when an access token that was good no longer is: it has run out, its session has ended, its
 * tenant is switched off, or nobody can tell any more. For answers that go on after they have been admitted.
 * @returns what is told when nobody needs to know any more
 */
export const sessionEndOf =
  (c: Context<GatewayContext>) =>
  (answered: AbortSignal): Promise<void> => {
    const token = bearerToken(c.req.header("authorization")) ?? "";
    const [platform, actor] = [c.get("platform"), c.get("actor")];
    const visitor = actor && isWidgetVisitor(actor) ? actor : undefined;
    const everyMs = visitor ? lookAtVisitorsEveryMs : lookEveryMs;
    const goesOn = () => (visitor ? assertVisitGoesOn(platform, visitor) : assertGoesOn(platform, token));
    return new Promise((resolve) => {
      const look = async () => {
        if (answered.aborted) return resolve();
        try {
          await goesOn();
          setTimeout(look, everyMs);
        } catch {
          resolve();
        }
      };
      setTimeout(look, everyMs);
    });
  };
