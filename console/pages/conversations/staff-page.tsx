import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type StaffFilter, staffConversationsQuery } from "../../data/conversations.ts";
import { Page } from "../../parts/page.tsx";
import { count } from "../../parts/time.tsx";
import { ConversationList } from "./conversation-list.tsx";
import { StaffFilters } from "./staff-filters.tsx";

const route = getRouteApi("/in/admin/conversations");

/** Conversations of the tenant, for those who answer in the persona's place. */
export function StaffConversationsPage() {
  const { chat, ...filter } = route.useSearch();
  const navigate = useNavigate({ from: "/admin/conversations" });
  const list = useInfiniteQuery(staffConversationsQuery(filter));
  const found = list.data?.pages[0];
  // What is read may not fit what is looked for any more.
  const narrow = (change: StaffFilter) =>
    void navigate({ search: (before) => ({ ...before, ...change, chat: undefined }), replace: true });
  return (
    <Page
      title="Conversations of the tenant"
      beside={
        found && (
          <span className="meta" role="status">
            {count(found.total_count)}
            {found.total_is_lower_bound && " or more"}
          </span>
        )
      }
    >
      <StaffFilters filter={filter} onChange={narrow} />
      <ConversationList
        side="staff"
        list={list}
        rows={list.data?.pages.flatMap(({ conversations }) => conversations)}
        chosen={chat}
        empty={emptyOf(filter)}
        onChoose={(id) => void navigate({ search: (before) => ({ ...before, chat: id }), replace: true })}
      />
    </Page>
  );
}

function emptyOf({ sort: _, ...filter }: StaffFilter) {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (asked.length === 0)
    return { title: "Nobody has talked yet", children: <p>What people say to personas is here.</p> };
  if (asked.length === 1 && filter.holder === "queue")
    return { title: "Nobody waits for a person", children: <p>Who asks for one stands here.</p> };
  return { title: "Nothing fits", children: <p>Fewer filters, other words or days may find more.</p> };
}
