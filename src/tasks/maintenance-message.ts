import { z } from "zod";

/** Tenants that one message has told; each takes a few calls. */
export const tenantsOfMessage = 50;

/** What travels on `platform-events` besides copies for the read models: maintenance has begun, changed or ended. */
export const maintenanceMessageSchema = z.object({
  type: z.literal("maintenance"),
  /** Of the configuration that says so: a message about an older one says nothing any more. */
  version: z.number().int().positive(),
  tenants: z.array(z.string()).min(1).max(tenantsOfMessage),
});
export type MaintenanceMessage = z.infer<typeof maintenanceMessageSchema>;
