import { type FormEvent, useState } from "react";
import {
  changeRule,
  deleteRule,
  type ModerationRule,
  type NewRule,
  saveRule,
  staleRules,
} from "../../data/moderation.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { actionNames, actions, ruleOf } from "./rule-form.ts";
import "../../styles/fields.css";

interface RuleDialogProps {
  /** Undefined for one that is to be made. */
  rule: ModerationRule | undefined;
  onClose: () => void;
}

const stale = staleRules;

/** Makes a rule, changes it, switches it off, or takes it away. */
export function RuleDialog({ rule, onClose }: RuleDialogProps) {
  const [action, setAction] = useState(rule?.action ?? "flag");
  const [save, isSaving] = useAction((body: NewRule) => saveRule(rule?.id, body), {
    done: rule ? "Changed" : "The rule is there",
    stale,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void save(ruleOf(new FormData(event.currentTarget))).then((isDone) => isDone && onClose());
  };
  return (
    <Dialog title={rule?.name ?? "New rule"} onClose={onClose} isWide>
      <form className="form" onSubmit={submit}>
        <label className="field">
          Name
          <input name="name" required maxLength={100} defaultValue={rule?.name} />
        </label>
        <div className="field">
          <label htmlFor="rule-words">Words, one in a line</label>
          <textarea
            id="rule-words"
            name="words"
            rows={4}
            defaultValue={rule?.words.join("\n")}
            aria-describedby="rule-words-about"
          />
          <p id="rule-words-about" className="hint">
            They are found as words of their own, whatever their case and accents.
          </p>
        </div>
        <div className="field">
          <label htmlFor="rule-pattern">Pattern</label>
          <input
            id="rule-pattern"
            name="pattern"
            defaultValue={rule?.pattern ?? ""}
            aria-describedby="rule-pattern-about"
          />
          <p id="rule-pattern-about" className="hint">
            A regular expression, without look-arounds and back references. A rule has words, a pattern, or
            both.
          </p>
        </div>
        <div className="field">
          <label htmlFor="rule-action">A message that fits is</label>
          <select
            id="rule-action"
            name="action"
            value={action}
            onChange={({ target }) => setAction(actionNames.find((name) => name === target.value) ?? "flag")}
            aria-describedby="rule-action-about"
          >
            {actionNames.map((name) => (
              <option key={name} value={name}>
                {actions[name].name}
              </option>
            ))}
          </select>
          <p id="rule-action-about" className="hint" aria-live="polite">
            {actions[action].effect}
          </p>
        </div>
        {action === "ban" && (
          <label className="field">
            Minutes that its sender is banned for, none for good
            <input
              name="minutes"
              type="number"
              min={1}
              max={5_256_000}
              step="any"
              defaultValue={rule?.ban_seconds ? rule.ban_seconds / 60 : ""}
            />
          </label>
        )}
        <div className="actions">
          <button type="submit" className="primary" disabled={isSaving}>
            {rule ? "Save" : "Make it"}
          </button>
          {rule && <Ends rule={rule} onClose={onClose} />}
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Switches a rule off and on, and takes it away once that is said twice. */
function Ends({ rule: { id, is_active: isActive }, onClose }: { rule: ModerationRule; onClose: () => void }) {
  const [isSure, setSure] = useState(false);
  const [switchIt, isSwitching] = useAction(() => changeRule(id, { is_active: !isActive }), {
    done: isActive ? "Switched off: nothing is held against it" : "Switched on",
    stale,
  });
  const [remove, isRemoving] = useAction(() => deleteRule(id), { done: "The rule is gone", stale });
  const closing = (isDone: boolean) => isDone && onClose();
  return (
    <>
      <button type="button" disabled={isSwitching} onClick={() => void switchIt().then(closing)}>
        {isActive ? "Switch off" : "Switch on"}
      </button>
      <button
        type="button"
        className="danger"
        disabled={isRemoving}
        onClick={() => (isSure ? void remove().then(closing) : setSure(true))}
      >
        {isSure ? "Delete it for good" : "Delete"}
      </button>
    </>
  );
}
