import { DurableObject } from "cloudflare:workers";
import type { DurableObjectEnv } from "../environment.ts";

export class TenantWorkflows extends DurableObject<DurableObjectEnv> {}
