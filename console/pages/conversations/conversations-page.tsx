import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { conversationsQuery, type ListedConversation, type Side } from "../../data/conversations.ts";
import { instancesQuery, namesOf } from "../../data/personas.ts";
import { Icon } from "../../parts/icons.tsx";
import { moveAmongRows } from "../../parts/list-keys.ts";
import { More } from "../../parts/more.tsx";
import { Empty, Loading, Page, Problem } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { NewConversation } from "./new-conversation.tsx";
import { ThreadPanel } from "./thread-panel.tsx";
import "../../styles/pages.css";
import "../../styles/chat.css";

const own = getRouteApi("/in/conversations");
const staff = getRouteApi("/in/admin/conversations");

/** One's own conversations with personas. */
export function ConversationsPage() {
  const { chat } = own.useSearch();
  const navigate = useNavigate({ from: "/conversations" });
  const [isNew, setNew] = useState(false);
  const choose = (id: string) => void navigate({ search: { chat: id }, replace: true });
  return (
    <Page
      title="Conversations"
      actions={
        <button type="button" onClick={() => setNew(true)}>
          <Icon name="plus" /> New conversation
        </button>
      }
    >
      <Conversations side="own" chosen={chat} onChoose={choose} />
      {isNew && (
        <NewConversation
          onClose={() => setNew(false)}
          onBegun={(id) => {
            setNew(false);
            choose(id);
          }}
        />
      )}
    </Page>
  );
}

/** Conversations of the tenant, for those who answer in the persona's place. */
export function StaffConversationsPage() {
  const { chat, holder } = staff.useSearch();
  const navigate = useNavigate({ from: "/admin/conversations" });
  return (
    <Page
      title="Conversations of the tenant"
      actions={
        <button
          type="button"
          aria-pressed={holder === "queue"}
          onClick={() =>
            void navigate({ search: { holder: holder === "queue" ? undefined : "queue" }, replace: true })
          }
        >
          Waits for a person
        </button>
      }
    >
      <Conversations
        side="staff"
        chosen={chat}
        holder={holder}
        onChoose={(id) => void navigate({ search: { chat: id, holder }, replace: true })}
      />
    </Page>
  );
}

interface ConversationsProps {
  side: Side;
  chosen: string | undefined;
  holder?: "queue";
  onChoose: (id: string) => void;
}

function Conversations({ side, chosen, holder, onChoose }: ConversationsProps) {
  const list = useInfiniteQuery(conversationsQuery(side, holder));
  const { data: instances } = useQuery(instancesQuery);
  const names = namesOf(instances);
  const rows = list.data?.pages.flatMap(({ conversations }): ListedConversation[] => conversations);
  const shown = chosen ?? rows?.[0]?.id;
  if (list.error && !rows) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (!rows) return <Loading what="conversations" />;
  if (rows.length === 0 && !shown)
    return (
      <Empty title={holder ? "Nobody waits for a person" : "Nobody has talked yet"}>
        <p>
          {side === "own" ? "Begin one with a persona of yours." : "What people say to personas is here."}
        </p>
      </Empty>
    );
  return (
    <div className="inbox chat">
      <ul aria-label="Conversations" onKeyDown={moveAmongRows}>
        {rows.map((row) => (
          <li key={row.id}>
            <button type="button" data-row aria-pressed={row.id === shown} onClick={() => onChoose(row.id)}>
              <b>{row.title ?? names.get(row.instance_id) ?? "Conversation"}</b>
              <Ago at={row.last_message_at ?? row.started_at} />
              <span className="meta">
                {stateOf(row)}
                {row.last_message?.preview ?? "nothing said yet"}
              </span>
            </button>
          </li>
        ))}
        <li>
          <More list={list} />
        </li>
      </ul>
      {shown && <ThreadPanel key={shown} side={side} id={shown} names={names} />}
    </div>
  );
}

function stateOf({ unread, holder, status }: ListedConversation): string {
  if (holder === "queue") return "waits for a person · ";
  if (status === "ended") return "ended · ";
  return unread > 0 ? `${unread} unread · ` : "";
}
