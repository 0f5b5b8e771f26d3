import { lazy, Suspense, useState } from "react";
import { type Conversation, giveBack, type Side, take } from "../../data/conversations.ts";
import { useAction } from "../../parts/action.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { useUser } from "../../session/use-session.ts";
import { Mute } from "./mute.tsx";

/** Comes when somebody is to be banned. */
const BanDialog = lazy(async () => ({ default: (await import("../moderation/ban-dialog.tsx")).BanDialog }));

/** Takes a conversation out of the persona's hands, and gives it back; for the staff. */
export function Holding({ side, conversation }: { side: Side; conversation: Conversation }) {
  const user = useUser();
  const [isAsked, setAsked] = useState(false);
  const stale = [
    ["thread", "staff", conversation.id],
    ["conversations", "staff"],
  ];
  const [takeIt, isTaking] = useAction((force: boolean) => take(conversation, force), {
    done: "You answer now; the persona is silent",
    stale,
  });
  const [give, isGiving] = useAction((to: "persona" | "queue") => giveBack(conversation, to), {
    done: "Given back",
    stale,
  });
  if (side === "own") return <Mute key={conversation.id} conversation={conversation.id} />;
  const { holder } = conversation;
  const isBusy = isTaking || isGiving;
  if (holder === `user:${user?.id}`)
    return (
      <div className="actions">
        <button type="button" disabled={isBusy} onClick={() => void give("queue")}>
          Release
        </button>
        <button type="button" disabled={isBusy} onClick={() => void give("persona")}>
          Hand back
        </button>
        <BanOwner conversation={conversation} />
      </div>
    );
  const isAnothers = holder.startsWith("user:");
  return (
    <div className="actions">
      <button
        type="button"
        className="primary"
        disabled={isBusy}
        onClick={() => (isAnothers ? setAsked(true) : void takeIt(false))}
      >
        Take over
      </button>
      <BanOwner conversation={conversation} />
      {isAsked && (
        <Confirm
          title="Take it from a colleague?"
          action="Take over"
          isBusy={isBusy}
          onClose={() => setAsked(false)}
          onConfirm={() => void takeIt(true).then(() => setAsked(false))}
        >
          <p>Somebody else answers here at present. They see that you have taken it.</p>
        </Confirm>
      )}
    </div>
  );
}

function BanOwner({ conversation: { owner_id: owner } }: { conversation: Conversation }) {
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <button type="button" className="bare" onClick={() => setAsked(true)}>
        Ban…
      </button>
      {isAsked && (
        <Suspense fallback={null}>
          <BanDialog person={owner} onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </>
  );
}
