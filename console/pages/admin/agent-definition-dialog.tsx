import { type FormEvent, useState } from "react";
import { type components, dataOf } from "#client/index.ts";
import type { AgentDefinition } from "../../data/definitions.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { JsonField } from "../../parts/json-field.tsx";
import { api } from "../../session/client.ts";
import "../../styles/fields.css";

type NewDefinition = components["schemas"]["CreateAgentDefinition"];

const categories = ["data-driven", "code-driven", "adapter"] as const;
const stale = [["agent-definitions"]];

interface DialogProps {
  /** Undefined for one that is to be made. */
  definition: AgentDefinition | undefined;
  onClose: () => void;
}

/** Makes an agent type, or changes one: what it is called, and what its tasks are told with. */
export function AgentDefinitionDialog({ definition, onClose }: DialogProps) {
  const [config, setConfig] = useState<Record<string, unknown> | undefined>(definition?.default_config ?? {});
  const params = { path: { agent_definition: definition?.id ?? "" } };
  const [save, isSaving] = useAction(
    async (body: NewDefinition) => {
      const { type: _, ...changes } = body;
      if (definition)
        dataOf(
          await api.PUT("/api/v1/admin/agent-definitions/{agent_definition}", { params, body: changes }),
        );
      else dataOf(await api.POST("/api/v1/admin/agent-definitions", { body }));
    },
    { done: definition ? "Changed" : "The agent type is there", stale },
  );
  const [switchIt, isSwitching] = useAction(
    async () =>
      dataOf(
        await api.PUT("/api/v1/admin/agent-definitions/{agent_definition}", {
          params,
          body: { is_active: !definition?.is_active },
        }),
      ),
    { done: definition?.is_active ? "Switched off: plans that name it are refused" : "Switched on", stale },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const category = categories.find((each) => each === form.get("category"));
    if (!config || !category) return;
    void save({
      type: definition?.type ?? String(form.get("type")),
      display_name: String(form.get("display_name")),
      description: String(form.get("description")),
      category,
      default_config: config,
    }).then((isDone) => isDone && onClose());
  };
  return (
    <Dialog title={definition?.display_name ?? "New agent type"} onClose={onClose} isWide>
      <form className="form" onSubmit={submit}>
        {definition ? (
          <p className="meta">
            Steps reach it by the topic <code>{definition.topic}</code>.
          </p>
        ) : (
          <label className="field">
            Type
            <input name="type" required maxLength={63} pattern="[a-z][a-z0-9_\-]+" placeholder="translator" />
          </label>
        )}
        <label className="field">
          Name
          <input name="display_name" required maxLength={255} defaultValue={definition?.display_name} />
        </label>
        <label className="field">
          What it is for
          <textarea name="description" rows={2} maxLength={2000} defaultValue={definition?.description} />
        </label>
        <label className="field">
          Category
          <select name="category" defaultValue={definition?.category}>
            {categories.map((category) => (
              <option key={category}>{category}</option>
            ))}
          </select>
        </label>
        <JsonField label="What its tasks are told with" initial={config} onChange={setConfig} />
        <div className="actions">
          <button type="submit" className="primary" disabled={isSaving || !config}>
            {definition ? "Save" : "Make it"}
          </button>
          {definition && (
            <button
              type="button"
              disabled={isSwitching}
              onClick={() => void switchIt().then((isDone) => isDone && onClose())}
            >
              {definition.is_active ? "Switch off" : "Switch on"}
            </button>
          )}
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
