import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { dataOf } from "#client/index.ts";
import { type Order, orderEventsQuery, orderPaymentsQuery, orderQuery } from "../../data/shop.ts";
import { useAction } from "../../parts/action.ts";
import { Id } from "../../parts/copy.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { Listing } from "../../parts/listing.tsx";
import { tell } from "../../parts/messages.tsx";
import { money } from "../../parts/money.ts";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Ago, count, exactTime } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";
import { may } from "../../session/rights.ts";
import { useUser } from "../../session/use-session.ts";
import { NewPayment } from "./new-payment.tsx";
import { actionsIn, levelOf, type OrderAction, wordsOf } from "./order-levels.ts";
import "../../styles/values.css";

const route = getRouteApi("/in/shop/orders/$order");

/** One order: what it is of, what was paid for it, and what has been done with it. */
export function OrderPage() {
  const { order: id } = route.useParams();
  const { data: order, error, refetch } = useQuery(orderQuery(id));
  const mayAct = may(useUser(), "commerce.orders");
  if (error && !order)
    return (
      <Page title="Order">
        <Problem error={error} retry={() => void refetch()} />
      </Page>
    );
  if (!order)
    return (
      <Page title="Order">
        <Loading what="the order" />
      </Page>
    );
  return (
    <Page
      title={`Order ${order.number}`}
      beside={<span className={`level ${levelOf(order.status)}`}>{order.status}</span>}
      about={
        <p className="meta">
          <Id id={order.id} what="order's id" /> · {order.customer?.name ?? "a customer"} · made{" "}
          <Ago at={order.created_at} /> by {order.source}
        </p>
      }
      actions={mayAct && <Actions order={order} />}
    >
      <Sums order={order} />
      <section className="stack" aria-labelledby="items-title">
        <h2 id="items-title">What it is of</h2>
        <DataTable
          caption="Lines"
          rows={order.items ?? []}
          keyOf={({ line }) => String(line)}
          columns={[
            { name: "Product", text: "cut", cell: ({ name }) => name },
            { name: "SKU", cell: ({ sku }) => <code>{sku}</code> },
            { name: "Quantity", isNumber: true, cell: ({ quantity }) => count(quantity) },
            { name: "Each", isNumber: true, cell: ({ unit_price }) => money(unit_price) },
            { name: "Total", isNumber: true, cell: ({ total }) => money(total) },
          ]}
        />
      </section>
      <Payments order={order} mayAct={mayAct} />
      <Events id={id} />
    </Page>
  );
}

function Actions({ order }: { order: Order }) {
  const [act, isBusy] = useAction(
    async (action: OrderAction) => {
      const params = { path: { order_id: order.id } };
      const body = { version: order.version };
      dataOf(await api.POST(`/api/v1/orders/{order_id}/${action}`, { params, body }));
      tell(wordsOf(action).told);
    },
    { stale: [["orders"], ["products"]] },
  );
  const [asked, setAsked] = useState<OrderAction>();
  const [first] = actionsIn(order.status);
  return (
    <>
      {actionsIn(order.status)
        .toReversed()
        .map((action) => (
          <button
            key={action}
            type="button"
            className={action === "cancel" ? "danger" : action === first ? "primary" : undefined}
            disabled={isBusy}
            onClick={() => {
              setAsked(action);
              void act(action);
            }}
          >
            {isBusy && asked === action ? "…" : wordsOf(action).name}
          </button>
        ))}
    </>
  );
}

function Sums({ order }: { order: Order }) {
  const sums = [
    ["Total", order.total],
    ["Paid", order.paid],
    ...(order.refunded.amount > 0 ? [["Given back", order.refunded] as const] : []),
    ["Lines", order.subtotal],
    ["Discount", order.discount],
    ["Tax", order.tax],
    ["Shipping", order.shipping],
  ] as const;
  return (
    <>
      <dl className="facts">
        {sums.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{money(value)}</dd>
          </div>
        ))}
      </dl>
      {order.notes && <p>{order.notes}</p>}
    </>
  );
}

function Payments({ order, mayAct }: { order: Order; mayAct: boolean }) {
  const list = useInfiniteQuery(orderPaymentsQuery(order.id));
  return (
    <section className="stack" aria-labelledby="payments-title">
      <div className="panel-head">
        <h2 id="payments-title">Ledger</h2>
        {mayAct && <NewPayment order={order} />}
      </div>
      <Listing
        what="payments"
        list={list}
        rows={list.data?.pages.flatMap(({ payments }) => payments)}
        keyOf={({ id }) => id}
        columns={[
          { name: "Kind", cell: ({ kind }) => kind },
          { name: "Amount", isNumber: true, cell: ({ amount }) => money(amount) },
          { name: "Method", cell: ({ method }) => method },
          { name: "Reference", text: "cut", cell: ({ reference }) => reference ?? "–" },
          { name: "When", isNumber: true, cell: ({ created_at }) => <Ago at={created_at} /> },
        ]}
        empty={{ title: "Nothing has been paid yet" }}
      />
    </section>
  );
}

function Events({ id }: { id: string }) {
  const list = useInfiniteQuery(orderEventsQuery(id));
  return (
    <section className="stack" aria-labelledby="events-title">
      <h2 id="events-title">What has been done</h2>
      <Listing
        what="history of the order"
        list={list}
        rows={list.data?.pages.flatMap(({ events }) => events)}
        keyOf={(event) => event.id}
        columns={[
          { name: "Action", cell: ({ action }) => action },
          { name: "Way", cell: ({ via }) => via },
          {
            name: "Details",
            text: "cut",
            cell: ({ details }) => <code className="meta">{JSON.stringify(details)}</code>,
          },
          {
            name: "When",
            isNumber: true,
            cell: ({ created_at }) => (
              <span title={exactTime(created_at)}>
                <Ago at={created_at} />
              </span>
            ),
          },
        ]}
        empty={{ title: "Nothing has been done yet" }}
      />
    </section>
  );
}
