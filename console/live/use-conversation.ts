import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { isPassing, refusalOf } from "#client/errors.ts";
import { pauseAfter, waited } from "#client/pauses.ts";
import { serverSentEvents } from "#client/server-sent-events.ts";
import { eventsOf, type Side } from "../data/conversations.ts";
import { signedFetch } from "../session/client.ts";
import { type TextPiece, type Writing, writingAfter } from "./chat-texts.ts";

/** What an event says is fetched when so long none has come. */
const burstMs = 80;

/**
 * Listens to a conversation while it is on the page.
 * @returns the answer that is being written
 */
export function useConversation(side: Side, id: string): Writing | undefined {
  const queries = useQueryClient();
  const [writing, setWriting] = useState<Writing>();
  useEffect(() => {
    const end = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stale = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        void queries.invalidateQueries({ queryKey: ["thread", side, id] });
        void queries.invalidateQueries({ queryKey: ["conversations", side] });
      }, burstMs);
    };
    const hear = (event: string, data: string) => {
      const piece = pieceOf(event, data);
      if (piece) setWriting((before) => writingAfter(before, piece));
      else stale();
    };
    void follow(eventsOf(side, id), hear, end.signal);
    return () => {
      end.abort();
      clearTimeout(timer);
      setWriting(undefined);
    };
  }, [side, id, queries]);
  return writing;
}

/** Reads the events of a conversation, and comes back when it is cut. */
async function follow(
  path: string,
  hear: (event: string, data: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let last: string | undefined;
  for (let failures = 0; !signal.aborted; ) {
    let failure: unknown;
    try {
      const headers = {
        accept: "text/event-stream",
        ...(last === undefined ? {} : { "last-event-id": last }),
      };
      const response = await signedFetch(new Request(new URL(path, location.origin), { headers, signal }));
      if (!response.ok || !response.body) throw await refusalOf(response);
      for await (const { id, event, data } of serverSentEvents(response.body)) {
        last = id ?? last;
        failures = 0;
        if (data !== "") hear(event, data);
      }
    } catch (error) {
      if (signal.aborted || !isPassing(error)) return;
      failure = error;
    }
    failures++;
    await waited(pauseAfter(failure, failures), signal).catch(() => {});
  }
}

const kinds: Record<string, TextPiece["kind"]> = {
  "message.snapshot": "snapshot",
  "message.delta": "delta",
  "message.reset": "reset",
};

function pieceOf(event: string, data: string): TextPiece | undefined {
  const kind = kinds[event];
  if (!kind) return undefined;
  const said: Partial<Record<string, unknown>> = JSON.parse(data);
  return {
    kind,
    messageId: String(said.message_id),
    attempt: Number(said.attempt ?? 0),
    offset: Number(said.offset ?? 0),
    text: typeof said.text === "string" ? said.text : "",
  };
}
