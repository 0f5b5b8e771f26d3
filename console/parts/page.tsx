import { type ReactNode, useEffect } from "react";
import { CopyButton } from "./copy.tsx";
import { explained } from "./explained.ts";
import { keyed } from "./keyed.ts";

interface PageProps {
  title: string;
  /** Beside the title: a status, an id. */
  beside?: ReactNode;
  /** Below the title. */
  about?: ReactNode;
  actions?: ReactNode;
  /** The title of the browser's tab, where it says more. */
  tab?: string;
  children?: ReactNode;
}

/** A page: its heading, what can be done, and what it is about. */
export function Page({ title, beside, about, actions, tab, children }: PageProps) {
  useEffect(() => {
    document.title = `${tab ?? title} · Persona Edge`;
  }, [tab, title]);
  return (
    <div className="page">
      <header className="page-head">
        <div className="page-title">
          <h1 tabIndex={-1}>{title}</h1>
          {beside}
        </div>
        {actions && <div className="actions">{actions}</div>}
        {about && <div className="page-about">{about}</div>}
      </header>
      {children}
    </div>
  );
}

/** What belongs here, why there is nothing, and one thing to do about it. */
export const Empty = ({ title, children }: { title: string; children?: ReactNode }) => (
  <div className="empty">
    <h2>{title}</h2>
    {children}
  </div>
);

/** Grey shapes in the size of what comes, after a moment. */
export function Loading({ what, rows = 6 }: { what: string; rows?: number }) {
  return (
    <div className="loading" role="status">
      <span className="sr">Loading {what}</span>
      {keyed(Array.from({ length: rows })).map(({ key }) => (
        <div className="shape" key={key} />
      ))}
    </div>
  );
}

/** A failure: what happened, its code, the request to ask about, and another try. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const { title, message, code, requestId } = explained(error);
  return (
    <div className="problem" role="alert">
      <div>
        <strong>{title}</strong>
        {message && <p>{message}</p>}
        {code && (
          <p className="meta">
            <code>{code}</code>
            {requestId && (
              <>
                {" · request "}
                <code>{requestId.slice(-8)}</code>
                <CopyButton text={requestId} what="request id" />
              </>
            )}
          </p>
        )}
      </div>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
