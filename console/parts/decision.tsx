import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useId, useState } from "react";
import { PersonaError } from "#client/index.ts";
import { answerRun } from "../data/one-run.ts";
import { tell } from "./messages.tsx";
import { Problem } from "./page.tsx";
import "../styles/fields.css";

interface DecisionProps {
  run: string;
  step: string;
  /** Called once it has been decided, here or elsewhere. */
  onDecided?: () => void;
}

/** Approves or rejects a step that waits, with a word to it. */
export function Decision({ run, step, onDecided }: DecisionProps) {
  const queries = useQueryClient();
  const id = useId();
  const [feedback, setFeedback] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const send = async (approved: boolean) => {
    setBusy(true);
    setError(undefined);
    try {
      await answerRun(run, {
        approved,
        step,
        ...(feedback.trim() === "" ? {} : { feedback: feedback.trim() }),
      });
      tell(approved ? `Approved: ${step}` : `Rejected: ${step}`);
    } catch (failure) {
      // Somebody else was faster: that is what is true now.
      if (!(failure instanceof PersonaError && failure.status === 409)) {
        setError(failure);
        setBusy(false);
        return;
      }
      tell(`${step} has been decided elsewhere`);
    }
    setBusy(false);
    for (const queryKey of [["run"], ["runs"], ["approvals"]]) void queries.invalidateQueries({ queryKey });
    onDecided?.();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(true);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send(true);
  };

  return (
    <form className="decision" aria-label="Your decision" onSubmit={submit} onKeyDown={pressed}>
      {error !== undefined && <Problem error={error} />}
      <label htmlFor={id}>
        Feedback <small>(optional)</small>
      </label>
      <textarea id={id} rows={2} value={feedback} onChange={(event) => setFeedback(event.target.value)} />
      <div className="actions">
        <button type="submit" className="primary" disabled={isBusy} data-verdict="approve">
          Approve{" "}
          <span className="key" aria-hidden="true">
            Ctrl ↵
          </span>
        </button>
        <button
          type="button"
          className="danger"
          disabled={isBusy}
          data-verdict="reject"
          onClick={() => void send(false)}
        >
          Reject
        </button>
      </div>
    </form>
  );
}
