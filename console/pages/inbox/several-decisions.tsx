import { useState } from "react";
import { decideSeveral } from "../../data/approvals.ts";
import { type Approval, keyOf, questionOf } from "../../data/questions.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { tell } from "../../parts/messages.tsx";
import { SelectedBar } from "../../parts/selected-bar.tsx";
import type { Selection } from "../../parts/selection.ts";

interface SeveralDecisionsProps {
  rows: readonly Approval[];
  selection: Selection;
}

/** Decides the selected questions alike, after a look at what they are. */
export function SeveralDecisions({ rows, selection: { selected, clear } }: SeveralDecisionsProps) {
  const [verdict, setVerdict] = useState<"approve" | "reject">();
  const chosen = rows.filter((row) => selected.has(keyOf(row)));
  return (
    <>
      <SelectedBar count={chosen.length} onClear={clear}>
        <button type="button" onClick={() => setVerdict("approve")}>
          Approve…
        </button>
        <button type="button" onClick={() => setVerdict("reject")}>
          Reject…
        </button>
      </SelectedBar>
      {verdict && (
        <DecideDialog
          chosen={chosen}
          isApproval={verdict === "approve"}
          onDone={clear}
          onClose={() => setVerdict(undefined)}
        />
      )}
    </>
  );
}

interface DecideDialogProps {
  chosen: readonly Approval[];
  isApproval: boolean;
  onDone: () => void;
  onClose: () => void;
}

function DecideDialog({ chosen, isApproval, onDone, onClose }: DecideDialogProps) {
  const [feedback, setFeedback] = useState("");
  const ending = isApproval ? 0 : chosen.filter((row) => row.rejection_ends_run).length;
  const [decide, isBusy] = useAction(
    async () => {
      const said = feedback.trim() === "" ? {} : { feedback: feedback.trim() };
      const decisions = chosen.map(({ run_id, step }) => ({ run_id, step, approved: isApproval, ...said }));
      const { done, outcomes } = await decideSeveral(decisions);
      const reasons = new Set(outcomes.flatMap(({ refusal }) => refusal?.message ?? []));
      tell([`${done} of ${outcomes.length} ${isApproval ? "approved" : "rejected"}`, ...reasons].join(". "));
      onDone();
    },
    { stale: [["approvals"], ["runs"], ["run"]] },
  );
  const verb = isApproval ? "Approve" : "Reject";
  return (
    <Dialog
      title={`${verb} ${chosen.length === 1 ? "this one" : `these ${chosen.length}`}?`}
      onClose={onClose}
    >
      <ul className="short-list">
        {chosen.map((row) => (
          <li key={keyOf(row)}>
            <b>{row.instance_name ?? "A persona"}</b> <span className="meta">{questionOf(row)}</span>
          </li>
        ))}
      </ul>
      {ending > 0 && (
        <p>{ending === 1 ? "One of these runs ends" : `${ending} of these runs end`} with a rejection.</p>
      )}
      <label className="field">
        Feedback to each (optional)
        <textarea rows={2} value={feedback} onChange={(event) => setFeedback(event.target.value)} />
      </label>
      <div className="actions">
        <button
          type="button"
          className={isApproval ? "primary" : "danger"}
          disabled={isBusy}
          onClick={() => void decide().then((isDone) => isDone && onClose())}
        >
          {verb}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
