import type { ServiceCall } from "./service-call.ts";

export interface ImageRequest {
  prompt: string;
  /** What the picture must not show. */
  negativePrompt?: string;
  /** Width by height; the model makes the nearest that it can. */
  aspectRatio: number;
  /** From 0 to 4294967295. */
  seed?: number;
  /** One of the model's own styles. */
  style?: string;
}

export interface GeneratedImage {
  png: Uint8Array;
  /** Pixels. */
  width: number;
  height: number;
  seed: number;
}

/** A model that draws. Its calls are not metered: fuel counts them by the piece. */
export interface ImageModel {
  /** The styles that it knows by name, in lower case with hyphens. */
  styles: readonly string[];
  /**
   * Draws once; whoever calls it tries again.
   * @throws ProviderError `EXTERNAL_SERVICE_ERROR`
   */
  draw(request: ImageRequest, call: ServiceCall): Promise<GeneratedImage>;
}
