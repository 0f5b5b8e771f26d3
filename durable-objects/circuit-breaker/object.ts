import { DurableObject } from "cloudflare:workers";
import type { DurableObjectEnv } from "../environment.ts";

export class CircuitBreaker extends DurableObject<DurableObjectEnv> {}
