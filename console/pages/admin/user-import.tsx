import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { refusalOf } from "#client/errors.ts";
import type { components } from "#client/index.ts";
import { userImportQuery } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { download } from "../../parts/download.ts";
import { Loading, Problem } from "../../parts/page.tsx";
import { count } from "../../parts/time.tsx";
import { signedFetch } from "../../session/client.ts";
import "../../styles/fields.css";
import "../../styles/selection.css";

type Result = components["schemas"]["UserImportResult"];
/** What a file is answered with: what became of its rows, or the job that takes them over. */
type Answer = Result | components["schemas"]["UserImportJob"];

interface ImportUsersProps {
  /** The tenant that accounts are made in, unless another is named. */
  clientId: string;
  /** Whether accounts can be made in other tenants. */
  isOperator: boolean;
  onClose: () => void;
}

/** Makes accounts from a file, and shows how far that is. */
export function ImportUsers({ clientId, isOperator, onClose }: ImportUsersProps) {
  const [answer, setAnswer] = useState<Answer>();
  const [send, isBusy] = useAction(
    async (body: FormData) => {
      const url = new URL("/api/v1/admin/users/import", location.origin);
      const response = await signedFetch(new Request(url, { method: "POST", body }));
      if (!response.ok) throw await refusalOf(response);
      setAnswer(await response.json());
    },
    { stale: [["admin", "users"]] },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = new FormData(event.currentTarget);
    if (!isOperator) body.set("client_id", clientId);
    void send(body);
  };
  return (
    <Dialog title="Import accounts" onClose={onClose}>
      {answer ? (
        <>
          {"job_id" in answer ? <Job id={answer.job_id} /> : <Report result={answer} />}
          <div className="actions">
            <button type="button" className="primary" onClick={onClose}>
              Close
            </button>
          </div>
        </>
      ) : (
        <form className="form" onSubmit={submit}>
          <label className="field">
            File
            <input name="file" type="file" accept=".csv,text/csv" required aria-describedby="import-about" />
          </label>
          <p id="import-about" className="hint">
            CSV in UTF-8, at most 10 MB: a column email and, if wanted, password, first_name, last_name and
            company. Who gets no password is mailed how to choose one.
          </p>
          {isOperator && (
            <label className="field">
              Tenant
              <input name="client_id" required defaultValue={clientId} pattern="[A-Za-z0-9_]{3,50}" />
            </label>
          )}
          <div className="actions">
            <button type="submit" className="primary" disabled={isBusy}>
              {isBusy ? "Sending…" : "Import"}
            </button>
            <button type="button" onClick={onClose}>
              Cancel
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** An import that goes on by itself: whoever closes the dialog does not stop it. */
function Job({ id }: { id: string }) {
  const { data: job, error, refetch } = useQuery(userImportQuery(id));
  if (error && !job) return <Problem error={error} retry={() => void refetch()} />;
  if (!job) return <Loading what="the import" rows={2} />;
  const isOver = job.completed_at !== null;
  return (
    <>
      <label className="field">
        {isOver
          ? `The import has ${job.status}`
          : `Row ${count(job.total_processed)} of ${count(job.total_rows)}`}
        <progress max={job.total_rows} value={isOver ? job.total_rows : job.total_processed} />
      </label>
      {isOver ? <Report result={job} /> : <p className="meta">It goes on when this is closed.</p>}
    </>
  );
}

const shownErrors = 20;

function Report({ result: { successful, failed, errors } }: { result: Result }) {
  const [news, setNews] = useState("");
  useEffect(() => setNews(`${count(successful)} made, ${count(failed)} not`), [successful, failed]);
  return (
    <>
      <p role="status">{news}</p>
      {errors.length > 0 && (
        <>
          <ul className="plain" aria-label="What could not be taken over">
            {errors.slice(0, shownErrors).map((error) => (
              <li key={error}>{error}</li>
            ))}
          </ul>
          <button
            type="button"
            onClick={() => download("import-errors.txt", errors.join("\n"), "text/plain")}
          >
            Download {count(errors.length)} {errors.length === 1 ? "line" : "lines"}
          </button>
        </>
      )}
    </>
  );
}
