import type { TaskWork } from "../messaging/carry-out.ts";
import type {
  AnthropicClient,
  Generation,
  GenerationRequest,
} from "../providers/anthropic/anthropic-client.ts";
import type { ModelTable } from "../providers/anthropic/models.ts";
import type { CircuitBreakerApi } from "../providers/circuit-breaker-api.ts";
import { guardedCall } from "../providers/guarded-call.ts";

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
  { assignment, signal, meter }: TaskWork,
  { anthropic, breaker }: AgentProviders,
  request: GenerationRequest,
  { part, onTry, onText }: { part?: string; onTry?: () => void; onText?: (delta: string) => void } = {},
): Promise<Generation> {
  const idempotencyKey = [assignment.idempotencyKey, part].filter(Boolean).join(":");
  return guardedCall({ provider: "anthropic", breaker, signal }, () => {
    onTry?.();
    return anthropic.generate(request, { signal, idempotencyKey, onText, onCost: meter.add });
  });
}
