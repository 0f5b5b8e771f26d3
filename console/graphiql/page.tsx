import { GraphiQL } from "graphiql";
import { StrictMode, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "./page.css";
import { fetcherFor } from "./fetcher.ts";
import { SignIn } from "./sign-in.tsx";

const firstQuery = `# The schema is behind the book on the left. Sign in above to ask for more than that.
query Me {
  me {
    email
    role
    tier
  }
}

# Comes over a WebSocket, and goes on until it is stopped.
subscription Events {
  events(patterns: ["**"], since: 0) {
    seq
    event
    entityId
  }
}
`;

/** GraphiQL before the platform that serves it. Nothing of the token is kept: it is gone with the page. */
function Page() {
  const [token, setToken] = useState<string>();
  const fetcher = useMemo(() => fetcherFor(token), [token]);
  return (
    <>
      <header className="above">
        <a href="/console/">Console</a>
        <a href="/api/docs">API reference</a>
        {token === undefined ? (
          <SignIn onToken={setToken} />
        ) : (
          <button type="button" onClick={() => setToken(undefined)}>
            Sign out
          </button>
        )}
      </header>
      <main>
        <GraphiQL key={token} fetcher={fetcher} defaultQuery={firstQuery} shouldPersistHeaders={false} />
      </main>
    </>
  );
}

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
