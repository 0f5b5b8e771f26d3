import { answerMessages, countTokens } from "./anthropic/messages.ts";
import { answerSearch } from "./search.ts";
import { answerImage } from "./stability/text-to-image.ts";

/**
 * Answers as Anthropic, SerpAPI and Stability do: their wire formats, deterministic, offline, the same on any runtime.
 * Words in the prompt switch failures on (failure-modes.ts).
 * @param payments who answers as Stripe does, where that is there
 */
export async function answer(request: Request, payments?: Pick<Fetcher, "fetch">): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method === "POST" && pathname === "/v1/messages") return answerMessages(request);
  if (request.method === "POST" && pathname === "/v1/messages/count_tokens") return countTokens(request);
  if (request.method === "GET" && pathname === "/search") return answerSearch(request);
  if (request.method === "POST" && /^\/v1\/generation\/[^/]+\/text-to-image$/.test(pathname))
    return answerImage(request);
  if (payments && pathname.startsWith("/v1/")) return payments.fetch(request);
  return Response.json(
    { error: { type: "not_found_error", message: `The sandbox has no ${pathname}` } },
    { status: 404 },
  );
}
