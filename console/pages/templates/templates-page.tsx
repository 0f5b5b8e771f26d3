import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { templatesQuery } from "../../data/templates.ts";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";

/** What personas are made from, for who writes it. */
export function TemplatesPage() {
  const list = useInfiniteQuery(templatesQuery);
  return (
    <Page title="Templates">
      <Listing
        what="templates"
        list={list}
        rows={list.data?.pages.flatMap(({ templates }) => templates)}
        keyOf={({ id }) => id}
        columns={[
          {
            name: "Template",
            cell: ({ id, name }) => (
              <Link to="/templates/$template" params={{ template: id }} className="row-link" data-row>
                {name}
              </Link>
            ),
          },
          { name: "Category", cell: ({ category }) => category },
          { name: "What it is for", text: "cut", cell: ({ description }) => description },
          { name: "Owner", cell: ({ client_id }) => client_id ?? "platform" },
          {
            name: "State",
            cell: ({ is_active }) => (
              <span className={`level ${is_active ? "" : "warn"}`}>
                {is_active ? "active" : "switched off"}
              </span>
            ),
          },
          { name: "Version", isNumber: true, cell: ({ version }) => version },
          { name: "Changed", isNumber: true, cell: ({ updated_at }) => <Ago at={updated_at} /> },
        ]}
        empty={{ title: "There are no templates yet" }}
      />
    </Page>
  );
}
