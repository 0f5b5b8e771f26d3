import { z } from "zod";
import { ordinaryTextFuel } from "#src/engine/fuel.ts";
import { ConfigurationError } from "#src/kernel/config.ts";
import { fuelOfModel, type ModelCatalogue, type ModelTable } from "./models.ts";
import { providerTable } from "./provider-table.ts";

const catalogues = Object.entries(providerTable).flatMap(([provider, row]): [string, ModelCatalogue][] =>
  "models" in row ? [[provider, row.models]] : [],
);

/** The models of all providers, as they are listed. */
export const knownModels: ModelTable = {
  ordinary: "claude-sonnet-5-5",
  small: "claude-haiku-5-5",
  models: Object.fromEntries(
    catalogues.flatMap(([provider, { models }]) =>
      Object.entries(models).map(([id, model]) => [id, { ...model, provider }]),
    ),
  ),
  meanings: catalogues.flatMap(([, { meanings }]) => meanings),
  fuelByWord: Object.fromEntries(catalogues.flatMap(([, { fuelByWord }]) => Object.entries(fuelByWord))),
};

const providerOf = (id: string): string | undefined => catalogues.find(([, { ids }]) => ids.test(id))?.[0];

const dollars = z.number().nonnegative().max(10_000);
const pricesSchema = z.record(
  z.string().refine((id) => providerOf(id) !== undefined, "A model id of a provider's"),
  z.strictObject({
    input: dollars,
    output: dollars,
    fuel: z.number().int().nonnegative().max(10_000).optional(),
    thinks: z.literal(true).optional(),
    withoutSampling: z.literal(true).optional(),
  }),
);

/**
 * The model table with the setting `MODEL_PRICES` laid over it.
 * @throws ConfigurationError when the setting is not readable
 */
export function modelTable(setting: string | undefined): ModelTable {
  if (setting === undefined) return knownModels;
  try {
    const prices = pricesSchema.parse(JSON.parse(setting));
    const models = Object.entries(prices).map(
      ([id, { fuel = fuelOfModel(id, knownModels) ?? ordinaryTextFuel, ...price }]) => [
        id,
        { provider: providerOf(id), ...knownModels.models[id], ...price, fuel },
      ],
    );
    return { ...knownModels, models: { ...knownModels.models, ...Object.fromEntries(models) } };
  } catch (cause) {
    throw new ConfigurationError("MODEL_PRICES is not JSON of model id → {input, output}", { cause });
  }
}
