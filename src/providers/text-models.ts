import { TaskError } from "#src/engine/task-error.ts";
import { AnthropicClient } from "./anthropic/anthropic-client.ts";
import { configuredClients, type Makers, type ProviderWorld } from "./configured-clients.ts";
import type { Guarded } from "./guarded-call.ts";
import { modelTable } from "./model-table.ts";
import { type ModelTable, modelOf } from "./models.ts";
import type { TextModel } from "./text-model.ts";

const makers = (models: ModelTable): Makers<"text", TextModel> => ({
  anthropic: (upstream) => new AnthropicClient(upstream, { models }),
});

/** The models that write text, whoever serves them. */
export interface TextModels {
  models: ModelTable;
  /**
   * The client of the provider that serves a model.
   * @throws TaskError `AI_SERVICE_ERROR` where it is not configured
   */
  textModel(model: string): Guarded<TextModel>;
}

const notConfigured = () => new TaskError("AI_SERVICE_ERROR", "No AI provider is configured");

/** @throws TaskError `AI_SERVICE_ERROR` where no provider is configured */
export function textModelsOf(world: ProviderWorld): TextModels {
  const models = modelTable(world.settings.MODEL_PRICES);
  const clients = configuredClients(makers(models), world);
  if (clients.size === 0) throw notConfigured();
  return {
    models,
    textModel: (name) => {
      const client = clients.get(modelOf(name, models)?.provider ?? "");
      if (!client) throw notConfigured();
      return client();
    },
  };
}
