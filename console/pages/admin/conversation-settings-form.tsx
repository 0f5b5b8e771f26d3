import type { FormEvent } from "react";
import type { Tenant } from "../../data/admin.ts";
import { changeOf, shownOf, usual } from "./conversation-settings.ts";
import { useTenantChange } from "./use-tenant-change.ts";
import "../../styles/fields.css";

interface NumberFieldProps {
  name: string;
  label: string;
  value: number | undefined;
  /** What holds where nothing is written. */
  usual: number;
  min: number;
  max: number;
  /** What more there is to know. */
  about: string;
}

const NumberField = ({ name, label, value, usual: without, min, max, about }: NumberFieldProps) => (
  <div className="field">
    <label htmlFor={`setting-${name}`}>{label}</label>
    <input
      id={`setting-${name}`}
      name={name}
      type="number"
      min={min}
      max={max}
      step={1}
      defaultValue={value}
      placeholder={String(without)}
      aria-describedby={`setting-${name}-about`}
    />
    <p id={`setting-${name}-about`} className="hint">
      {about} Nothing here: {without}.
    </p>
  </div>
);

/** How a tenant's conversations find somebody of the staff, and what becomes of those that have ended. */
export function ConversationSettings({ tenant: { client_id: id, settings } }: { tenant: Tenant }) {
  const [change, isBusy] = useTenantChange(id, "Saved: so conversations are held and kept");
  const shown = shownOf(settings);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void change({ settings: changeOf(new FormData(event.currentTarget)) });
  };
  return (
    <form className="panel form wide" aria-labelledby="conversation-settings-title" onSubmit={submit}>
      <h2 id="conversation-settings-title">Conversations</h2>
      <label className="field">
        Those that wait for a person
        <select name="assignment" defaultValue={shown.isInTurn ? "round_robin" : "manual"}>
          <option value="manual">are taken by whoever of the staff wants to</option>
          <option value="round_robin">are given to who of the staff is there, in turn</option>
        </select>
      </label>
      <NumberField
        name="idle"
        label="Minutes that a message may wait for who holds the conversation"
        value={shown.idleMinutes}
        usual={usual.idleMinutes}
        min={0}
        max={10_080}
        about="Then it waits for somebody else; 0: for ever."
      />
      <NumberField
        name="archive"
        label="Days from the end of one until it is archived"
        value={shown.archiveDays}
        usual={usual.archiveDays}
        min={1}
        max={3650}
        about="It is read as before, and takes nothing any more."
      />
      <NumberField
        name="retention"
        label="Days from the end of one until it is erased"
        value={shown.retentionDays}
        usual={usual.retentionDays}
        min={0}
        max={3650}
        about="0: never."
      />
      <label className="field check">
        <input type="checkbox" name="reopen" defaultChecked={shown.isReopened} />A message of its owner
        reopens one that has ended
      </label>
      <div className="actions">
        <button type="submit" className="primary" disabled={isBusy}>
          Save
        </button>
      </div>
    </form>
  );
}
