import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { mute, ownConversationsQuery } from "../../data/conversations.ts";
import { useAction } from "../../parts/action.ts";

/** Has one's own list count nothing of a conversation as unread, or count it again. */
export function Mute({ conversation }: { conversation: string }) {
  const { data } = useInfiniteQuery(ownConversationsQuery);
  const row = data?.pages.flatMap(({ conversations }) => conversations).find(({ id }) => id === conversation);
  // The list may lag behind what was said here.
  const [said, setSaid] = useState<boolean>();
  const isMuted = said ?? row?.muted ?? false;
  const [change, isBusy] = useAction(async () => setSaid(await mute(conversation, !isMuted)), {
    done: isMuted ? "You are told of it again" : "Muted: your list tells nothing of it",
    stale: [["conversations", "own"]],
  });
  if (!data) return null;
  return (
    <button
      type="button"
      className="bare"
      disabled={isBusy}
      aria-pressed={isMuted}
      onClick={() => void change()}
    >
      Mute
    </button>
  );
}
