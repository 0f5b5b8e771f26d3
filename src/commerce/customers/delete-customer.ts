import { z } from "@hono/zod-openapi";
import { endRoom } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import { changeCustomer } from "./change-customer.ts";
import { customerParams } from "./schemas.ts";

/** What is left of somebody: a row that their orders are of. */
const nobody = {
  name: "Deleted customer",
  email: null,
  phone: null,
  externalId: null,
  userId: null,
  address: null,
  tags: [],
  notes: "",
  isActive: false,
};

export const deleteCustomer = operation({
  name: "deleteCustomer",
  summary: "Remove what is known of a customer; their orders stay, without name or address",
  input: z.object({ params: customerParams }),
  output: z.void(),
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params }) => {
    const about = { event: "customer.deleted" as const, changed: [] };
    const change = { ...nobody, deletedAt: platform.clock.now() };
    const { id, clientId } = await changeCustomer(platform, actor, params.customer_id, about, change);
    platform.later("the room of a customer was not ended", () =>
      endRoom(platform, clientId, `customer:${id}`),
    );
  },
});
