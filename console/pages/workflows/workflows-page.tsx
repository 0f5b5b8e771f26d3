import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { dataOf } from "#client/index.ts";
import { workflowsQuery } from "../../data/definitions.ts";
import { useAction } from "../../parts/action.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";
import "../../styles/fields.css";

/** Plans that other plans start as child runs, and templates may name. */
export function WorkflowsPage() {
  const list = useInfiniteQuery(workflowsQuery);
  const [isNew, setNew] = useState(false);
  return (
    <Page
      title="Workflows"
      actions={
        <button type="button" onClick={() => setNew(true)}>
          <Icon name="plus" /> New workflow
        </button>
      }
    >
      <Listing
        what="workflows"
        list={list}
        rows={list.data?.pages.flatMap(({ workflows }) => workflows)}
        keyOf={({ id }) => id}
        columns={[
          {
            name: "Workflow",
            cell: ({ name }) => (
              <Link to="/workflows/$workflow" params={{ workflow: name }} className="row-link" data-row>
                {name}
              </Link>
            ),
          },
          { name: "What it is for", text: "cut", cell: ({ description }) => description || "–" },
          { name: "Owner", cell: ({ client_id }) => client_id ?? "platform" },
          {
            name: "State",
            cell: ({ is_active }) => (
              <span className={`level ${is_active ? "" : "warn"}`}>
                {is_active ? "active" : "switched off"}
              </span>
            ),
          },
          { name: "Version", isNumber: true, cell: ({ version }) => version },
          { name: "Changed", isNumber: true, cell: ({ updated_at }) => <Ago at={updated_at} /> },
        ]}
        empty={{
          title: "There are no workflows yet",
          children: (
            <p>A workflow is a plan with a name, which the steps of other plans start as a child run.</p>
          ),
        }}
      />
      {isNew && <NewWorkflow onClose={() => setNew(false)} />}
    </Page>
  );
}

/** What a new one begins as: it gives back what it was given. */
const beginning = {
  start_step: "done",
  steps: { done: { action: "complete_workflow", input: { echo: "{{input}}" } } },
};

function NewWorkflow({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [make, isBusy] = useAction(
    async (name: string, description: string) => {
      const body = { name, description, plan: beginning };
      const made = dataOf(await api.POST("/api/v1/admin/workflows", { body }));
      await navigate({ to: "/workflows/$workflow", params: { workflow: made.name } });
    },
    { done: "It is there, with one step", stale: [["workflows"]] },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void make(String(form.get("name")), String(form.get("description")));
  };
  return (
    <Dialog title="New workflow" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label className="field">
          Name
          <input
            name="name"
            required
            maxLength={64}
            pattern="[A-Za-z][A-Za-z0-9_\-]*"
            aria-describedby="workflow-name-about"
          />
        </label>
        <p id="workflow-name-about" className="hint">
          A letter, then letters, digits, _ and -. Plans start it by the topic workflow:name.
        </p>
        <label className="field">
          What it is for
          <input name="description" maxLength={2000} />
        </label>
        <div className="actions">
          <button type="submit" className="primary" disabled={isBusy}>
            Make it
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
