import { type FormEvent, useState } from "react";
import { dataOf } from "#client/index.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { api } from "../../session/client.ts";
import { forgetSession } from "../../session/session.ts";

const confirmation = "DELETE MY ACCOUNT";

/** Leaving for good. */
export function Leaving() {
  const [isAsked, setAsked] = useState(false);
  const [leave, isBusy] = useAction(async (password: string) =>
    dataOf(await api.DELETE("/api/v1/user/delete", { body: { password, confirmation } })),
  );
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (await leave(String(new FormData(event.currentTarget).get("password")))) forgetSession();
  };
  return (
    <section className="panel wide" aria-labelledby="leaving-title">
      <h2 id="leaving-title">Leave</h2>
      <p className="meta">
        Sign-in ends at once, what runs is stopped, and personal data goes after 30 days. Nobody can take it
        back.
      </p>
      <div className="actions">
        <button type="button" className="danger" onClick={() => setAsked(true)}>
          Delete my account
        </button>
      </div>
      {isAsked && (
        <Dialog title="Delete your account?" onClose={() => setAsked(false)}>
          <form className="form" onSubmit={(event) => void submit(event)}>
            <label className="field">
              Type {confirmation}
              <input required pattern={confirmation} autoComplete="off" />
            </label>
            <label className="field">
              Password
              <input name="password" type="password" required autoComplete="current-password" />
            </label>
            <div className="actions">
              <button type="submit" className="danger" disabled={isBusy}>
                Delete it for good
              </button>
              <button type="button" onClick={() => setAsked(false)}>
                Stay
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </section>
  );
}
