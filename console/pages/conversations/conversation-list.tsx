import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ListedConversation, Side } from "../../data/conversations.ts";
import { instancesQuery, namesOf } from "../../data/personas.ts";
import { moveAmongRows } from "../../parts/list-keys.ts";
import type { ListingProps } from "../../parts/listing.tsx";
import { More } from "../../parts/more.tsx";
import { Empty, Loading, Problem } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { ThreadPanel } from "./thread-panel.tsx";
import "../../styles/pages.css";
import "../../styles/chat.css";

interface ConversationListProps extends Pick<ListingProps<ListedConversation>, "list" | "rows"> {
  side: Side;
  chosen: string | undefined;
  empty: { title: string; children: ReactNode };
  onChoose: (id: string) => void;
}

/** Conversations beside the one that is read. */
export function ConversationList({ side, list, rows, chosen, empty, onChoose }: ConversationListProps) {
  const { data: instances } = useQuery(instancesQuery);
  const names = namesOf(instances);
  const shown = chosen ?? rows?.[0]?.id;
  if (list.error && !rows) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (!rows) return <Loading what="conversations" />;
  if (rows.length === 0 && !shown) return <Empty title={empty.title}>{empty.children}</Empty>;
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

function stateOf({ unread, holder, status, flagged = 0 }: ListedConversation): string {
  if (flagged > 0) return `${flagged} flagged · `;
  if (holder === "queue") return "waits for a person · ";
  if (status === "ended") return "ended · ";
  return unread > 0 ? `${unread} unread · ` : "";
}
