import { useState } from "react";
import { type components, dataOf } from "#client/index.ts";
import type { ManagedUser } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { SelectedBar } from "../../parts/selected-bar.tsx";
import type { Selection } from "../../parts/selection.ts";
import { count } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";

type Bulk = components["schemas"]["BulkUserOperation"];
type Wanted = Extract<Bulk["operation"], "activate" | "deactivate" | "delete">;

/** What can be done with several accounts, and what will have happened to them. */
const operations: Record<Wanted, { name: string; effect: string }> = {
  activate: { name: "Switch on", effect: "They can sign in again." },
  deactivate: { name: "Switch off", effect: "Nobody of them is let in, and their sessions end at once." },
  delete: {
    name: "Delete",
    effect: "Their personas go with them, and what these are doing is stopped. This cannot be taken back.",
  },
};

/** What can be done with the selected accounts: each is looked at once more before. */
export function SeveralUsers({ rows, selection }: { rows: readonly ManagedUser[]; selection: Selection }) {
  const [wanted, setWanted] = useState<Wanted>();
  const chosen = rows.filter(({ id }) => selection.selected.has(id));
  return (
    <>
      <SelectedBar count={chosen.length} onClear={selection.clear}>
        {(["activate", "deactivate", "delete"] as const).map((operation) => (
          <button
            key={operation}
            type="button"
            className={operation === "delete" ? "danger" : undefined}
            onClick={() => setWanted(operation)}
          >
            {operations[operation].name}
          </button>
        ))}
      </SelectedBar>
      {wanted && (
        <Preview
          wanted={wanted}
          users={chosen}
          onDone={selection.clear}
          onClose={() => setWanted(undefined)}
        />
      )}
    </>
  );
}

interface PreviewProps {
  wanted: Wanted;
  users: readonly ManagedUser[];
  onDone: () => void;
  onClose: () => void;
}

function Preview({ wanted, users: asked, onDone, onClose }: PreviewProps) {
  const { name, effect } = operations[wanted];
  // What is selected is cleared when it is done; what was asked stays readable.
  const [users] = useState(asked);
  const [reason, setReason] = useState("");
  const [result, setResult] = useState<components["schemas"]["BulkUserResult"]>();
  const [send, isBusy] = useAction(
    async () => {
      const body: Bulk = {
        user_ids: users.map(({ id }) => id),
        operation: wanted,
        ...(reason.trim() && { reason: reason.trim() }),
      };
      setResult(dataOf(await api.POST("/api/v1/admin/users/bulk", { body })));
      onDone();
    },
    { stale: [["admin", "users"]] },
  );
  const addressOf = (error: string) =>
    users.reduce((text, { id, email }) => text.replace(`User ${id}`, email), error);
  if (result)
    return (
      <Dialog title={name} onClose={onClose}>
        <p role="status">
          Done for {count(result.succeeded)} of {count(result.total)}.
        </p>
        {result.errors.length > 0 && (
          <ul className="plain" aria-label="What was refused">
            {result.errors.map((error) => (
              <li key={error}>{addressOf(error)}</li>
            ))}
          </ul>
        )}
        <div className="actions">
          <button type="button" className="primary" onClick={onClose}>
            Close
          </button>
        </div>
      </Dialog>
    );
  return (
    <Dialog
      title={`${name}: ${count(users.length)} ${users.length === 1 ? "account" : "accounts"}`}
      onClose={onClose}
    >
      <p>{effect}</p>
      <ul className="plain" aria-label="Accounts">
        {users.map(({ id, email, role, is_active }) => (
          <li key={id}>
            {email} <span className="meta">{is_active ? role : `${role}, switched off`}</span>
          </li>
        ))}
      </ul>
      <label className="field">
        Reason, for the audit log
        <input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </label>
      <div className="actions">
        <button
          type="button"
          className={wanted === "activate" ? "primary" : "danger"}
          disabled={isBusy}
          onClick={() => void send()}
        >
          {name}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
