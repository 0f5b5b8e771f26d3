import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { type Conversation, type Message, type Side, threadQuery } from "../../data/conversations.ts";
import type { Writing } from "../../live/chat-texts.ts";
import { useConversation } from "../../live/use-conversation.ts";
import { reachable } from "../../parts/keyed.ts";
import { Markdown } from "../../parts/markdown.tsx";
import { Loading, Problem } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { useUser } from "../../session/use-session.ts";
import { Composer } from "./composer.tsx";
import { Holding } from "./holding.tsx";

interface ThreadPanelProps {
  side: Side;
  id: string;
  names: ReadonlyMap<string, string>;
}

/** Who holds a conversation, in words. */
export function holderOf({ holder }: Pick<Conversation, "holder">, userId: string | undefined): string {
  if (holder === "persona") return "the persona answers";
  if (holder === "queue") return "waits for a person";
  return holder === `user:${userId}` ? "you answer" : "a colleague answers";
}

/** One conversation: what was said, who holds it, and what to say next. */
export function ThreadPanel({ side, id, names }: ThreadPanelProps) {
  const { data, error, refetch } = useQuery(threadQuery(side, id));
  const writing = useConversation(side, id);
  const user = useUser();
  if (error && !data) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <Loading what="what was said" rows={6} />;
  const { conversation, messages } = data;
  const shown = messages.filter((message) => message.on_path).toSorted((a, b) => a.seq - b.seq);
  return (
    <section className="panel thread" aria-labelledby="thread-title">
      <header className="panel-head">
        <div>
          <h2 id="thread-title">
            {conversation.title ?? names.get(conversation.instance_id) ?? "Conversation"}
          </h2>
          <p className="meta">{holderOf(conversation, user?.id)}</p>
        </div>
        <Holding side={side} conversation={conversation} />
      </header>
      <Messages side={side} messages={shown} writing={writing} />
      <Composer
        side={side}
        conversation={conversation}
        isWriting={shown.some(({ status }) => status === "streaming")}
      />
    </section>
  );
}

/** So near to its end the reader is taken to be there. */
const nearPx = 80;

function Messages({
  side,
  messages,
  writing,
}: {
  side: Side;
  messages: readonly Message[];
  writing: Writing | undefined;
}) {
  const log = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const length = messages.length + (writing?.text.length ?? 0);
  // The view stays where the reader is; who is at the end stays there.
  useEffect(() => {
    const { current } = log;
    if (current && isAtEnd.current && length > 0) current.scrollTop = current.scrollHeight;
  }, [length]);
  return (
    <div
      ref={log}
      className="messages-log"
      role="log"
      aria-label="Messages"
      {...reachable}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearPx;
      }}
    >
      {messages.length === 0 && <p className="meta">Nothing was said yet.</p>}
      {messages.map((message) => (
        <MessageLine key={message.id} side={side} message={message} writing={writing} />
      ))}
    </div>
  );
}

function MessageLine({
  side,
  message,
  writing,
}: {
  side: Side;
  message: Message;
  writing: Writing | undefined;
}) {
  const { role, status, error } = message;
  if (role === "system")
    return (
      <p className="said-system meta">
        {message.content} · <Ago at={message.created_at} />
      </p>
    );
  const isMine = (role === "user") === (side === "own");
  const isBeingWritten = status === "streaming" || status === "pending";
  const text = isBeingWritten && writing?.messageId === message.id ? writing.text : message.content;
  return (
    <article
      className={isMine ? "said mine" : "said"}
      aria-label={`${speakers[role]}, ${message.created_at}`}
    >
      <p className="meta">
        {speakers[role]} · <Ago at={message.created_at} />
        {message.edited_at && " · edited"}
        {status === "stopped" && " · stopped"}
      </p>
      {status === "deleted" ? (
        <p className="meta">Emptied</p>
      ) : (
        <div className={isBeingWritten ? "streaming" : undefined}>
          {text ? <Markdown text={text} /> : <p className="meta">{isBeingWritten ? "…" : ""}</p>}
        </div>
      )}
      {error && (
        <p className="wrong">
          <code>{error}</code>
        </p>
      )}
    </article>
  );
}

const speakers: Record<Message["role"], string> = {
  user: "Person",
  assistant: "Persona",
  agent: "Staff",
  system: "Platform",
  note: "Note of the staff",
};
