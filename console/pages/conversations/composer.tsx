import { type FormEvent, type KeyboardEvent, useState } from "react";
import { type Conversation, type Side, say, stopAnswer } from "../../data/conversations.ts";
import { useAction } from "../../parts/action.ts";
import { Icon } from "../../parts/icons.tsx";
import { useUser } from "../../session/use-session.ts";

/** What was typed and not sent, by conversation; in memory only. */
const drafts = new Map<string, string>();

interface ComposerProps {
  side: Side;
  conversation: Conversation;
  isWriting: boolean;
}

/** Says something: `Enter` sends, `Shift+Enter` breaks the line, `Esc` stops the answer. */
export function Composer({ side, conversation, isWriting }: ComposerProps) {
  const { id, holder } = conversation;
  const [text, setText] = useState(drafts.get(id) ?? "");
  const user = useUser();
  const stale = [
    ["thread", side, id],
    ["conversations", side],
  ];
  const [send, isBusy] = useAction((content: string) => say(side, id, content), { stale });
  const [stop] = useAction(() => stopAnswer(id), { stale });
  const change = (next: string) => {
    drafts.set(id, next);
    setText(next);
  };
  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    const content = text.trim();
    if (content === "" || isBusy) return;
    if (await send(content)) change("");
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Escape" && isWriting && side === "own") void stop();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void submit();
  };
  if (side === "staff" && holder !== `user:${user?.id}`)
    return <p className="meta">Take the conversation to answer in it.</p>;
  return (
    <form className="composer" onSubmit={(event) => void submit(event)}>
      <label>
        <span className="sr">Your message</span>
        <textarea
          rows={2}
          placeholder="Write a message"
          value={text}
          onChange={({ target }) => change(target.value)}
          onKeyDown={pressed}
        />
      </label>
      <div className="actions">
        {isWriting && side === "own" && (
          <button type="button" onClick={() => void stop()}>
            Stop
          </button>
        )}
        <button type="submit" className="primary" disabled={isBusy || text.trim() === ""}>
          <Icon name="send" /> Send
        </button>
      </div>
    </form>
  );
}
