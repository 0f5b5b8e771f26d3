import { answerMessages } from "./anthropic/messages.ts";
import { answerSearch } from "./search.ts";
import { answerImage } from "./stability/text-to-image.ts";
import { StripeSandbox } from "./stripe/object.ts";

export { StripeSandbox };

export interface SandboxBindings {
  STRIPE: DurableObjectNamespace<StripeSandbox>;
}

/**
 * Stands in for Anthropic, SerpAPI, Stability and Stripe in development and tests:
 * their wire formats, deterministic, offline. Words in the prompt switch
 * failures on (failure-modes.ts).
 */
export default {
  async fetch(request: Request, env?: SandboxBindings): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.method === "POST" && pathname === "/v1/messages") return answerMessages(request);
    if (request.method === "GET" && pathname === "/search") return answerSearch(request);
    if (request.method === "POST" && /^\/v1\/generation\/[^/]+\/text-to-image$/.test(pathname))
      return answerImage(request);
    if (env && pathname.startsWith("/v1/")) return env.STRIPE.getByName("stripe").fetch(request);
    return Response.json(
      { error: { type: "not_found_error", message: `The sandbox has no ${pathname}` } },
      { status: 404 },
    );
  },
} satisfies ExportedHandler<SandboxBindings>;
