import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { dataOf } from "#client/index.ts";
import { deliveriesQuery, webhookQuery } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { Id } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Pre } from "../../parts/markdown.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";

const route = getRouteApi("/in/admin/webhooks/$webhook");
const levels = { waiting: "warn", delivered: "good", failed: "error" } as const;

/** One webhook: what it was told, and what it has answered. */
export function WebhookPage() {
  const { webhook: id } = route.useParams();
  const { data: webhook, error, refetch } = useQuery(webhookQuery(id));
  const list = useInfiniteQuery(deliveriesQuery(id));
  const [shown, setShown] = useState<string>();
  const params = { path: { webhook_id: id } };
  const stale = [["webhooks", id]];
  const [test, isTesting] = useAction(
    async () => dataOf(await api.POST("/api/v1/webhooks/{webhook_id}/test", { params, body: {} })),
    { done: "A test was delivered: see below", stale },
  );
  if (error && !webhook)
    return (
      <Page title="Webhook">
        <Problem error={error} retry={() => void refetch()} />
      </Page>
    );
  return (
    <Page
      title={webhook?.url ?? "Webhook"}
      about={
        webhook && (
          <p className="meta">
            <Id id={webhook.id} what="webhook's id" /> · <code>{webhook.events.join(", ")}</code>
          </p>
        )
      }
      actions={
        <button type="button" disabled={isTesting} onClick={() => void test()}>
          Send a test
        </button>
      }
    >
      <Listing
        what="deliveries"
        list={list}
        rows={list.data?.pages.flatMap(({ deliveries }) => deliveries)}
        keyOf={(delivery) => delivery.id}
        columns={[
          {
            name: "Event",
            cell: (delivery) => (
              <button
                type="button"
                className="bare row-button"
                data-row
                onClick={() => setShown(delivery.id)}
              >
                <code>{delivery.event}</code>
              </button>
            ),
          },
          {
            name: "Status",
            cell: ({ status }) => <span className={`level ${levels[status]}`}>{status}</span>,
          },
          {
            name: "Answer",
            cell: ({ last_attempt: last }) => (last ? (last.status ?? last.failure ?? "–") : "–"),
          },
          { name: "Attempts", isNumber: true, cell: (delivery) => delivery.attempt_count },
          { name: "When", isNumber: true, cell: (delivery) => <Ago at={delivery.created_at} /> },
        ]}
        empty={{
          title: "It has been told nothing yet",
          children: <p>Send a test, or wait for an event that fits.</p>,
        }}
      />
      {shown && <Delivery webhook={id} delivery={shown} onClose={() => setShown(undefined)} />}
    </Page>
  );
}

interface DeliveryProps {
  webhook: string;
  delivery: string;
  onClose: () => void;
}

function Delivery({ webhook: webhook_id, delivery: delivery_id, onClose }: DeliveryProps) {
  const params = { path: { webhook_id, delivery_id } };
  const { data, error } = useQuery({
    queryKey: ["webhooks", webhook_id, "delivery", delivery_id],
    queryFn: async ({ signal }) =>
      dataOf(await api.GET("/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}", { params, signal })),
  });
  const [again, isBusy] = useAction(
    async () =>
      dataOf(await api.POST("/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", { params })),
    { done: "It is under way again", stale: [["webhooks", webhook_id]] },
  );
  return (
    <Dialog title="Delivery" isWide onClose={onClose}>
      {error && <Problem error={error} />}
      {!data && !error && <Loading what="the delivery" />}
      {data && (
        <>
          <Pre text={JSON.stringify(data.attempts, null, 2)} label="Attempts" />
          <Pre text={data.request.body} label="What was sent" />
        </>
      )}
      <div className="actions">
        <button
          type="button"
          disabled={isBusy}
          onClick={() => void again().then((isDone) => isDone && onClose())}
        >
          Send again
        </button>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
