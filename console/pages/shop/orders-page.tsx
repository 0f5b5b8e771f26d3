import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { orderStatuses } from "../../data/choices.ts";
import { ordersQuery } from "../../data/shop.ts";
import { SelectField } from "../../parts/filters.tsx";
import { Listing } from "../../parts/listing.tsx";
import { money } from "../../parts/money.ts";
import { Page } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { levelOf } from "./order-levels.ts";

const route = getRouteApi("/in/shop/orders");

/** What was ordered, the latest first. */
export function OrdersPage() {
  const filter = route.useSearch();
  const navigate = useNavigate({ from: "/shop/orders" });
  const list = useInfiniteQuery(ordersQuery(filter));
  return (
    <Page title="Orders">
      <search className="filters">
        <SelectField
          label="Status"
          value={filter.status}
          options={orderStatuses.map((value) => ({ value, name: value }))}
          onChange={(status) => void navigate({ search: { status }, replace: true })}
        />
      </search>
      <Listing
        what="orders"
        list={list}
        rows={list.data?.pages.flatMap(({ orders }) => orders)}
        keyOf={({ id }) => id}
        columns={[
          {
            name: "Order",
            cell: ({ id, number }) => (
              <Link to="/shop/orders/$order" params={{ order: id }} className="row-link" data-row>
                {number}
              </Link>
            ),
          },
          { name: "Customer", text: "cut", cell: ({ customer }) => customer?.name ?? "–" },
          {
            name: "Status",
            cell: ({ status }) => <span className={`level ${levelOf(status)}`}>{status}</span>,
          },
          { name: "Paid", cell: ({ payment_status }) => payment_status.replaceAll("_", " ") },
          { name: "By", cell: ({ source }) => source },
          { name: "Total", isNumber: true, cell: ({ total }) => money(total) },
          { name: "Made", isNumber: true, cell: ({ created_at }) => <Ago at={created_at} /> },
        ]}
        empty={
          filter.status
            ? { title: `No order is ${filter.status}` }
            : {
                title: "Nothing has been ordered yet",
                children: <p>Orders come in by the API, and by personas that may sell.</p>,
              }
        }
      />
    </Page>
  );
}
