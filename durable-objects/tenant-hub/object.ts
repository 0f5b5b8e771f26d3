import { DurableObject } from "cloudflare:workers";
import type { PlatformEvent } from "../../src/realtime/platform-event.ts";
import type { TenantHubApi } from "../../src/realtime/tenant-hub-api.ts";
import type { DurableObjectEnv } from "../environment.ts";

export class TenantHub extends DurableObject<DurableObjectEnv> implements TenantHubApi {
  async publish(_events: readonly PlatformEvent[]): Promise<void> {}
  async endSession(_sessionId: string): Promise<void> {}
}
