import type { FormEvent } from "react";
import { ban, type NewBan, staleBans } from "../../data/moderation.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import "../../styles/fields.css";

interface BanDialogProps {
  /** Whom; asked for where it is left out. */
  person?: string;
  onClose: () => void;
}

/** Bans somebody from writing in conversations, for a reason and a time. */
export function BanDialog({ person, onClose }: BanDialogProps) {
  const [send, isBusy] = useAction((body: NewBan) => ban(body), { done: "Banned", stale: staleBans });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const until = String(form.get("until"));
    void send({
      person_id: person ?? String(form.get("person")).trim(),
      reason: String(form.get("reason")),
      until: until === "" ? null : new Date(until).toISOString(),
    }).then((isDone) => isDone && onClose());
  };
  return (
    <Dialog title={person === undefined ? "New ban" : "Ban this person?"} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {person === undefined ? (
          <div className="field">
            <label htmlFor="ban-person">Id of the person</label>
            <input id="ban-person" name="person" required aria-describedby="ban-person-about" />
            <p id="ban-person-about" className="hint">
              Of an account of the tenant, or of a visitor of its pages, as a conversation names its owner.
            </p>
          </div>
        ) : (
          <p className="meta">
            They read and erase what is theirs, but write in no conversation of the tenant.
          </p>
        )}
        <label className="field">
          Reason, for the staff
          <input name="reason" required maxLength={500} />
        </label>
        <label className="field">
          Until, nothing for good
          <input name="until" type="datetime-local" />
        </label>
        <div className="actions">
          <button type="submit" className="primary" disabled={isBusy}>
            Ban
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
