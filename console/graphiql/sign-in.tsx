import { type FormEvent, useState } from "react";
import { demo, isDevelopment, signIn } from "./session.ts";

/** Takes a token, or signs in for one; in development as the demo account with one press. */
export function SignIn({ onToken }: { onToken(token: string): void }) {
  const [problem, setProblem] = useState("");
  const enter = (email: string, password: string) =>
    signIn(email, password).then(onToken, (error: unknown) =>
      setProblem(error instanceof Error ? error.message : String(error)),
    );
  const take = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get("token");
    if (typeof token === "string" && token.trim() !== "") onToken(token.trim());
  };
  return (
    <form className="sign-in" onSubmit={take}>
      <label>
        Access token <input name="token" type="password" autoComplete="off" spellCheck={false} />
      </label>
      <button type="submit">Use it</button>
      {isDevelopment && (
        <button type="button" onClick={() => void enter(demo.email, demo.password)}>
          Sign in to the demo account
        </button>
      )}
      {problem !== "" && <span role="alert">{problem}</span>}
    </form>
  );
}
