import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { dataOf } from "#client/index.ts";
import type { Instance } from "../../data/personas.ts";
import { useAction } from "../../parts/action.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { isSchema } from "../../parts/schema-form/fields.ts";
import { api, done } from "../../session/client.ts";

const path = "/api/v1/personas/instances/{instance_id}";

/** What may be changed of a persona: its name, and its configuration as JSON. */
export function SettingsTab({ instance }: { instance: Instance }) {
  const navigate = useNavigate();
  const [name, setName] = useState(instance.name);
  const [config, setConfig] = useState(() => JSON.stringify(instance.config, null, 2));
  const [problem, setProblem] = useState<string>();
  const [isLeaving, setLeaving] = useState(false);
  const params = { path: { instance_id: instance.id } };
  const stale = [["instances"]];
  const [save, isSaving] = useAction(
    async (body: { name: string; config: Record<string, unknown> }) =>
      dataOf(await api.PUT(path, { params, body })),
    { done: "Saved", stale },
  );
  const [remove, isRemoving] = useAction(async () => done(await api.DELETE(path, { params })), {
    done: `Deleted: ${instance.name}`,
    stale,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = parsedConfig(config);
    setProblem(parsed === undefined ? "This is no JSON object" : undefined);
    if (parsed) void save({ name, config: parsed });
  };
  return (
    <>
      <form className="form panel" onSubmit={submit}>
        <label className="field">
          Name
          <input required maxLength={255} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <div className="field">
          <label htmlFor="config">Configuration</label>
          <textarea
            id="config"
            className="mono"
            rows={18}
            spellCheck={false}
            value={config}
            aria-invalid={problem !== undefined}
            aria-describedby="config-about"
            onChange={(event) => setConfig(event.target.value)}
          />
          <p id="config-about" className={problem ? "wrong" : "hint"}>
            {problem ?? "JSON. It is laid over what the template says."}
          </p>
        </div>
        <div className="actions">
          <button type="submit" className="primary" disabled={isSaving}>
            Save
          </button>
          <button type="button" className="danger" onClick={() => setLeaving(true)}>
            Delete the persona
          </button>
        </div>
      </form>
      {isLeaving && (
        <Confirm
          title={`Delete ${instance.name}?`}
          action="Delete"
          isBusy={isRemoving}
          onClose={() => setLeaving(false)}
          onConfirm={() =>
            void remove().then((isGone) => (isGone ? navigate({ to: "/personas" }) : setLeaving(false)))
          }
        >
          <p>What it remembers goes with it, and what it is doing is stopped. Its runs stay in the list.</p>
        </Confirm>
      )}
    </>
  );
}

function parsedConfig(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isSchema(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
