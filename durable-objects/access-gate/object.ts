import { DurableObject } from "cloudflare:workers";
import type { DurableObjectEnv } from "../environment.ts";

export class AccessGate extends DurableObject<DurableObjectEnv> {}
