export type { MemoriesApi as TenantMemoryApi } from "./memories-api.ts";
