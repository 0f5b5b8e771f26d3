import type { TenantObjects } from "#src/objects/objects.ts";
import { type CopyAddress, receiptOf } from "#src/objects/platform-message.ts";
import { shardName, shardOfRun } from "#src/objects/run-id.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";

interface Senders {
  log: Logger;
  objects: Pick<TenantObjects, "workflowsOfRun">;
}

const senderOf = ({ client_id, correlation_id }: CopyAddress): string =>
  shardName(client_id, shardOfRun(correlation_id));

/** Tells the objects that messages came from that the read models have them. One that is not told sends them once more. */
export async function confirmMessages(
  messages: readonly CopyAddress[],
  { log, objects }: Senders,
): Promise<void> {
  await Promise.all(
    [...Map.groupBy(messages, senderOf).values()].map(async (own) => {
      const [{ client_id, correlation_id } = { client_id: "", correlation_id: "" }] = own;
      const tenant = await objects.workflowsOfRun(client_id, correlation_id);
      await tenant
        .confirmCopies(own.map(receiptOf))
        .catch((error: unknown) =>
          log.warn("copies not confirmed; they come again", { client_id, ...errorFields(error) }),
        );
    }),
  );
}
