import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { subscriptionsQuery } from "../../data/admin.ts";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago, dayOf } from "../../parts/time.tsx";

/** Who has which tier, until when. */
export function SubscriptionsPage() {
  const list = useInfiniteQuery(subscriptionsQuery);
  return (
    <Page title="Subscriptions">
      <Listing
        what="subscriptions"
        list={list}
        rows={list.data?.pages.flatMap(({ subscriptions }) => subscriptions)}
        keyOf={({ id }) => id}
        columns={[
          {
            name: "Account",
            cell: ({ user_id }) => (
              <Link to="/admin/users/$user" params={{ user: user_id }} className="row-link" data-row>
                <code>…{user_id.slice(-12)}</code>
              </Link>
            ),
          },
          { name: "Tier", cell: ({ tier }) => tier },
          { name: "Status", cell: ({ status }) => status.replaceAll("_", " ") },
          { name: "Billing", cell: ({ billing_interval }) => billing_interval ?? "–" },
          {
            name: "Period ends",
            cell: (row) => (row.current_period_end ? dayOf(row.current_period_end) : "–"),
          },
          { name: "Begun", isNumber: true, cell: ({ start_date }) => <Ago at={start_date} /> },
        ]}
        empty={{
          title: "Nobody has a subscription",
          children: <p>Accounts without one have the free tier, or what an administrator gave them.</p>,
        }}
      />
    </Page>
  );
}
