import { type CopyAddress, receiptOf } from "#src/objects/platform-message.ts";
import { shardOfRun, workflowsObjectName } from "#src/objects/run-id.ts";
import type { TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";

interface Senders {
  logger: Logger;
  workflowsOf(clientId: string, runId: string): TenantWorkflowsApi;
}

const senderOf = ({ client_id, correlation_id }: CopyAddress): string =>
  workflowsObjectName(client_id, shardOfRun(correlation_id));

/** Tells the objects that messages came from that the read models have them. One that is not told sends them once more. */
export async function confirmMessages(
  messages: readonly CopyAddress[],
  { logger, workflowsOf }: Senders,
): Promise<void> {
  await Promise.all(
    [...Map.groupBy(messages, senderOf).values()].map(async (own) => {
      const [{ client_id, correlation_id } = { client_id: "", correlation_id: "" }] = own;
      await workflowsOf(client_id, correlation_id)
        .confirmCopies(own.map(receiptOf))
        .catch((error) =>
          logger.warn("copies not confirmed; they come again", { client_id, ...errorFields(error) }),
        );
    }),
  );
}
