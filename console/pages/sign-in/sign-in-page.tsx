import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { PersonaError } from "#client/index.ts";
import { explained } from "../../parts/explained.ts";
import { destination } from "../../session/destination.ts";
import { choosePassword, signIn } from "../../session/session.ts";
import { useUser } from "../../session/use-session.ts";
import "../../styles/door.css";

const route = getRouteApi("/sign-in");

const field = (form: FormData, name: string): string => String(form.get(name) ?? "");

/** The token of a sign-in that must change its password first. */
function changeToken(error: unknown): string | undefined {
  if (!(error instanceof PersonaError) || error.code !== "PASSWORD_CHANGE_REQUIRED") return undefined;
  const { details } = error;
  return typeof details === "object" && details !== null && "token" in details
    ? String(details.token)
    : undefined;
}

/** The door: e-mail and password, and another password where one is wanted. */
export function SignInPage() {
  const navigate = useNavigate();
  const { to } = route.useSearch();
  const user = useUser();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [toChange, setToChange] = useState<{ token: string; email: string }>();

  useEffect(() => {
    document.title = "Sign in · Persona Edge";
  }, []);
  // Also where another tab has signed in.
  useEffect(() => {
    if (user) void navigate({ href: destination(to), replace: true });
  }, [user, to, navigate]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = toChange?.email ?? field(form, "email");
    const password = field(form, "password");
    setBusy(true);
    setProblem(undefined);
    try {
      if (toChange) await choosePassword(toChange.token, password);
      await signIn(email, password);
    } catch (error) {
      const token = changeToken(error);
      if (token) setToChange({ token, email });
      const { title, message } = explained(error);
      setProblem(message ? `${title}. ${message}` : title);
      setBusy(false);
    }
  };

  return (
    <main className="door">
      <form className="door-form" onSubmit={submit} aria-labelledby="door-title">
        <img src="/console/icon.svg" alt="" width="40" height="40" />
        <h1 id="door-title">{toChange ? "Choose a new password" : "Sign in"}</h1>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        {!toChange && (
          <label>
            E-mail
            <input name="email" type="email" autoComplete="username" required />
          </label>
        )}
        <label>
          {toChange ? "New password" : "Password"}
          <input
            key={toChange ? "new" : "current"}
            name="password"
            type="password"
            autoComplete={toChange ? "new-password" : "current-password"}
            required
          />
        </label>
        <button type="submit" className="primary" disabled={isBusy}>
          {isBusy ? "Signing in…" : toChange ? "Set it and sign in" : "Sign in"}
        </button>
      </form>
    </main>
  );
}
