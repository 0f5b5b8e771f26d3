import { refusalOf } from "#client/errors.ts";
import { useAction } from "../../parts/action.ts";
import { download } from "../../parts/download.ts";
import { signedFetch } from "../../session/client.ts";

/** What a whole file ends with. */
const ending = /"complete":\s*true\s*\}\s*$/;

/** Everything that the platform knows of oneself, as a file. */
export function OwnData() {
  const [take, isBusy] = useAction(
    async () => {
      const response = await signedFetch(new Request(new URL("/api/v1/user/data-export", location.origin)));
      if (!response.ok) throw await refusalOf(response);
      const text = await response.text();
      if (!ending.test(text)) throw new Error("The file broke off before its end; ask for it again");
      download("my-data.json", text);
    },
    { done: "Your data is in my-data.json" },
  );
  return (
    <section className="panel" aria-labelledby="own-data-title">
      <h2 id="own-data-title">Your data</h2>
      <p className="meta">
        Your account, conversations, runs, and personas with what they remember, as one JSON file. Up to three
        a day.
      </p>
      <div className="actions">
        <button type="button" disabled={isBusy} onClick={() => void take()}>
          {isBusy ? "Gathering…" : "Download my data"}
        </button>
      </div>
    </section>
  );
}
