import {
  type Client,
  configuredClients,
  firstClient,
  type Makers,
  type ProviderWorld,
} from "./configured-clients.ts";
import type { ImageModel } from "./image-model.ts";
import { stability } from "./stability/stability-client.ts";

const makers: Makers<"image", ImageModel> = { stability: (upstream) => stability(upstream) };

/** @throws TaskError `EXTERNAL_SERVICE_ERROR` where no provider is configured */
export const imageModelOf = (world: ProviderWorld): Client<ImageModel> =>
  firstClient(configuredClients(makers, world), "image");
