import {
  type CallCost,
  type Generation,
  type GenerationRequest,
  guardedCall,
  type TextModels,
} from "#src/providers/index.ts";
import type { TaskWork } from "#src/tasks/index.ts";

/** What is told of a call while it goes on; `part` tells the calls of one task apart where it makes several. */
interface Watching {
  part?: string;
  onTry?: () => void;
  onText?: (delta: string) => void;
  onCost?: (cost: CallCost) => void;
}

/** One call of the model on behalf of a task: through the breaker, with retries, its cost noted. */
export function generate(
  { assignment, signal, meter, calls, logger }: TaskWork,
  { textModel }: TextModels,
  request: GenerationRequest,
  { part, onTry, onText, onCost: told }: Watching = {},
): Promise<Generation> {
  const idempotencyKey = [assignment.idempotencyKey, part].filter(Boolean).join(":");
  const { deadline } = assignment;
  const onCost = (cost: CallCost) => {
    meter.add(cost);
    told?.(cost);
    const { model, tokensIn: tokens_in, tokensOut: tokens_out, isEstimated } = cost;
    if (isEstimated) logger.warn("usage of a call is estimated", { model, tokens_in, tokens_out });
  };
  const model = textModel(request.model);
  return guardedCall({ ...model, signal, deadline, watch: calls }, (tried) => {
    onTry?.();
    return model.service.generate(request, { ...tried, signal, idempotencyKey, onText, onCost });
  });
}
