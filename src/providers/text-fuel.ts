import { modelsOfTexts, type TextFuel } from "#src/engine/fuel.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { fuelOfModel, type ModelTable } from "./models.ts";

/** What the texts of a run with this config and these agents cost, by their models. */
export type FuelOfTexts = (run: Pick<StartRun, "config" | "agents">) => TextFuel;

/** Reads it from the model table. */
export const fuelOfTexts =
  (table: ModelTable): FuelOfTexts =>
  (run) =>
    Object.fromEntries(
      modelsOfTexts(run).flatMap((model) => {
        const fuel = fuelOfModel(model, table);
        return fuel === undefined ? [] : [[model, fuel]];
      }),
    );
