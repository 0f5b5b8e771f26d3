import { answer } from "./answer.ts";
import { StripeSandbox } from "./stripe/object.ts";

export { StripeSandbox };

export interface SandboxBindings {
  STRIPE: DurableObjectNamespace<StripeSandbox>;
}

/** Stands in for Anthropic, SerpAPI, Stability and Stripe in development and tests. */
export default {
  fetch: (request, env) => answer(request, env.STRIPE.getByName("stripe")),
} satisfies ExportedHandler<SandboxBindings>;
