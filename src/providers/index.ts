/** The door of `providers`: what other rooms may import of it. */
export { admit, afterCalls, type BreakerState, closedBreaker } from "./breaker-state.ts";
export type { ProviderWorld } from "./configured-clients.ts";
export { CallPostponedError, type CallWatch, type Guarded, guardedCall } from "./guarded-call.ts";
export type { ImageModel, ImageRequest } from "./image-model.ts";
export { imageModelOf } from "./image-models.ts";
export { modelTable } from "./model-table.ts";
export { type ModelTable, modelOf, ordinaryWindow, resolveModel } from "./models.ts";
export { paymentsOf } from "./payment-provider.ts";
export type { Billed, Movement, Payments, Plan } from "./payments.ts";
export { ProviderError } from "./provider-error.ts";
export { providerNames } from "./provider-table.ts";
export { type SearchEngine, searchTypes } from "./search-engine.ts";
export { searchEngineOf } from "./search-engines.ts";
export { type FuelOfTexts, fuelOfTexts } from "./text-fuel.ts";
export {
  asked,
  type CallCost,
  efforts,
  type Generation,
  type GenerationRequest,
  type PromptFile,
  type PromptMessage,
  type SaidBlock,
  type ToolAnswer,
  type ToolOffer,
} from "./text-model.ts";
export { type TextModels, textModelsOf } from "./text-models.ts";
