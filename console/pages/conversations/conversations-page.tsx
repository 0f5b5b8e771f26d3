import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ownConversationsQuery } from "../../data/conversations.ts";
import { Icon } from "../../parts/icons.tsx";
import { Page } from "../../parts/page.tsx";
import { ConversationList } from "./conversation-list.tsx";
import { NewConversation } from "./new-conversation.tsx";

const own = getRouteApi("/in/conversations");

/** One's own conversations with personas. */
export function ConversationsPage() {
  const { chat } = own.useSearch();
  const navigate = useNavigate({ from: "/conversations" });
  const list = useInfiniteQuery(ownConversationsQuery);
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
      <ConversationList
        side="own"
        list={list}
        rows={list.data?.pages.flatMap(({ conversations }) => conversations)}
        chosen={chat}
        empty={{ title: "Nobody has talked yet", children: <p>Begin one with a persona of yours.</p> }}
        onChoose={choose}
      />
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
