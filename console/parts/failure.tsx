/** What a run or a step has failed with. */
interface FailureProps {
  error: { code: string; message: string };
  /** Beside the code. */
  note?: string;
  advice?: string;
}

/** Why something failed: in words, with its code, and what to do. */
export const Failure = ({ error, note, advice }: FailureProps) => (
  <section className="problem" aria-label="Why it failed">
    <div>
      <strong>{error.message}</strong>
      <p className="meta">
        <code>{error.code}</code>
        {note && ` · ${note}`}
      </p>
      {advice && <p>{advice}</p>}
    </div>
  </section>
);
