import { z } from "zod";
import { ConfigurationError } from "#src/kernel/config.ts";
import { knownModels, type ModelTable } from "./models.ts";

const dollars = z.number().nonnegative().max(10_000);

const pricesSchema = z.record(
  z.string().regex(/^claude-[a-z0-9.-]{1,90}$/, "A model id of Anthropic's"),
  z.strictObject({
    input: dollars,
    output: dollars,
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
    const models = Object.entries(prices).map(([id, price]) => [id, { ...knownModels[id], ...price }]);
    return { ...knownModels, ...Object.fromEntries(models) };
  } catch (cause) {
    throw new ConfigurationError("MODEL_PRICES is not JSON of model id → {input, output}", { cause });
  }
}
