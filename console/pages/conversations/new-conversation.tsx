import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { dataOf } from "#client/index.ts";
import { instancesQuery } from "../../data/personas.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { api } from "../../session/client.ts";
import "../../styles/fields.css";

/** Begins a conversation with a persona of one's own. */
export function NewConversation({
  onClose,
  onBegun,
}: {
  onClose: () => void;
  onBegun: (id: string) => void;
}) {
  const { data } = useQuery(instancesQuery);
  const personas = data?.instances ?? [];
  const [persona, setPersona] = useState("");
  const [begin, isBusy] = useAction(
    async (instance_id: string, message: string) => {
      const begun = dataOf(await api.POST("/api/v1/conversations", { body: { instance_id, message } }));
      onBegun(begun.conversation.id);
    },
    { stale: [["conversations", "own"]] },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const chosen = persona || personas[0]?.id;
    if (chosen) void begin(chosen, String(new FormData(event.currentTarget).get("message")));
  };
  return (
    <Dialog title="New conversation" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label className="field">
          With
          <select
            value={persona || personas[0]?.id}
            onChange={({ target }) => setPersona(target.value)}
            required
          >
            {personas.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          What you say first
          <textarea name="message" rows={3} required maxLength={8000} />
        </label>
        <div className="actions">
          <button type="submit" className="primary" disabled={isBusy || personas.length === 0}>
            Begin
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
