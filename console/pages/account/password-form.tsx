import { type FormEvent, useRef } from "react";
import { dataOf } from "#client/index.ts";
import { useAction } from "../../parts/action.ts";
import { api } from "../../session/client.ts";

/** Another password; every other session ends with it. */
export function PasswordForm() {
  const form = useRef<HTMLFormElement>(null);
  const [change, isBusy] = useAction(
    async (current_password: string, new_password: string) =>
      dataOf(await api.POST("/api/v1/user/password", { body: { current_password, new_password } })),
    { done: "The new password is set; other sessions have ended", stale: [["sessions"]] },
  );
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    if (await change(String(given.get("current")), String(given.get("new")))) form.current?.reset();
  };
  return (
    <form
      ref={form}
      className="panel form"
      aria-labelledby="password-title"
      onSubmit={(event) => void submit(event)}
    >
      <h2 id="password-title">Password</h2>
      <label className="field">
        Present password
        <input name="current" type="password" autoComplete="current-password" required />
      </label>
      <label className="field">
        New password
        <input
          name="new"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          aria-describedby="password-about"
        />
      </label>
      <p id="password-about" className="hint">
        At least 8 characters, with an upper-case letter, a lower-case letter and a digit.
      </p>
      <div className="actions">
        <button type="submit" disabled={isBusy}>
          Change it
        </button>
      </div>
    </form>
  );
}
