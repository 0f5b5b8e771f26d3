import type { CircuitBreakerApi } from "#src/objects/circuit-breaker-api.ts";
import type {
  AnthropicClient,
  CallCost,
  Generation,
  GenerationRequest,
} from "#src/providers/anthropic/anthropic-client.ts";
import type { ModelTable } from "#src/providers/anthropic/models.ts";
import { guardedCall } from "#src/providers/guarded-call.ts";
import type { TaskWork } from "#src/tasks/carry-out.ts";

/** The AI provider as the agents use it. */
export interface AgentProviders {
  anthropic: AnthropicClient;
  breaker: CircuitBreakerApi;
  models: ModelTable;
}

/**
 * One call of the model on behalf of a task: through the breaker, with retries, its cost noted.
 * @param part tells the calls of one task apart where it makes several
 */
export function generate(
  { assignment, signal, meter, logger }: TaskWork,
  { anthropic, breaker }: AgentProviders,
  request: GenerationRequest,
  { part, onTry, onText }: { part?: string; onTry?: () => void; onText?: (delta: string) => void } = {},
): Promise<Generation> {
  const idempotencyKey = [assignment.idempotencyKey, part].filter(Boolean).join(":");
  const { deadline } = assignment;
  const onCost = (cost: CallCost) => {
    meter.add(cost);
    const { model, tokensIn: tokens_in, tokensOut: tokens_out, isEstimated } = cost;
    if (isEstimated) logger.warn("usage of a call is estimated", { model, tokens_in, tokens_out });
  };
  return guardedCall({ provider: "anthropic", breaker, signal, deadline }, () => {
    onTry?.();
    return anthropic.generate(request, { signal, idempotencyKey, onText, onCost });
  });
}
