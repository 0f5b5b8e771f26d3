import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { type components, dataOf } from "#client/index.ts";
import { type Workflow, workflowQuery } from "../../data/definitions.ts";
import { useAction } from "../../parts/action.ts";
import { Id } from "../../parts/copy.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { PlanEditor } from "../../parts/editor/lazy-editor.tsx";
import type { Subject } from "../../parts/editor/plan-editor.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { Ago } from "../../parts/time.tsx";
import { api, done } from "../../session/client.ts";
import { WorkflowRuns } from "./workflow-runs.tsx";
import { WorkflowVersions } from "./workflow-versions.tsx";

type Plan = components["schemas"]["CreateWorkflow"]["plan"];

const route = getRouteApi("/in/workflows/$workflow");

const tabs = [
  { id: "editor", name: "Editor" },
  { id: "versions", name: "Versions" },
  { id: "runs", name: "Runs" },
] as const;

/** A workflow definition: its plan as text and picture, what it was before, and the runs that carried it out. */
export function WorkflowPage() {
  const { workflow: name } = route.useParams();
  const { data, error, refetch } = useQuery(workflowQuery(name));
  if (error && !data)
    return (
      <Page title="Workflow">
        <Problem error={error} retry={() => void refetch()} />
      </Page>
    );
  if (!data)
    return (
      <Page title="Workflow">
        <Loading what="the workflow" />
      </Page>
    );
  return <Loaded key={data.version} workflow={data} />;
}

/** What is written as a plan, for the platform to judge: it says what is missing. */
const asPlan = ({ start_step, steps, ...rest }: Record<string, unknown>): Plan => ({
  ...rest,
  start_step: typeof start_step === "string" ? start_step : "",
  steps: typeof steps === "object" && steps !== null ? Object.fromEntries(Object.entries(steps)) : {},
});

function Loaded({ workflow }: { workflow: Workflow }) {
  const { name, plan, version } = workflow;
  const [tab, setTab] = useState<(typeof tabs)[number]["id"]>("editor");
  const [written, setWritten] = useState<Record<string, unknown> | undefined>(plan);
  const isChanged = written !== undefined && JSON.stringify(written) !== JSON.stringify(plan);
  const [save, isSaving] = useAction(
    async (body: components["schemas"]["UpdateWorkflow"]) =>
      dataOf(
        await api.PUT("/api/v1/admin/workflows/{workflow}", { params: { path: { workflow: name } }, body }),
      ),
    { done: "Saved as a new version", stale: [["workflows"]] },
  );
  const subject = useMemo(
    (): Subject => ({
      name,
      label: "Plan",
      planAt: [],
      check: async (value, signal) =>
        dataOf(
          await api.POST("/api/v1/admin/workflows/validate", {
            body: { name, plan: asPlan(value) },
            signal,
          }),
        ),
    }),
    [name],
  );
  return (
    <Page
      title={name}
      about={
        <p className="meta">
          <Id id={workflow.id} what="workflow's id" /> · version {version} · changed{" "}
          <Ago at={workflow.updated_at} />
          {workflow.description && ` · ${workflow.description}`}
        </p>
      }
      actions={
        <>
          <Delete name={name} />
          <button
            type="button"
            disabled={isSaving}
            onClick={() => void save({ is_active: !workflow.is_active, version })}
          >
            {workflow.is_active ? "Switch off" : "Switch on"}
          </button>
          <button
            type="button"
            className="primary"
            disabled={!isChanged || isSaving}
            onClick={() => written && void save({ plan: asPlan(written), version })}
          >
            Save
          </button>
        </>
      }
    >
      <Tabs label="Parts of the workflow" tabs={tabs} chosen={tab} onChoose={setTab}>
        {tab === "editor" && <PlanEditor subject={subject} initial={plan} onChange={setWritten} />}
        {tab === "versions" && <WorkflowVersions name={name} />}
        {tab === "runs" && <WorkflowRuns name={name} />}
      </Tabs>
    </Page>
  );
}

function Delete({ name }: { name: string }) {
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const [remove, isBusy] = useAction(
    async () => {
      done(await api.DELETE("/api/v1/admin/workflows/{workflow}", { params: { path: { workflow: name } } }));
      await navigate({ to: "/workflows" });
    },
    { done: `Deleted: ${name}`, stale: [["workflows"]] },
  );
  return (
    <>
      <button type="button" className="danger" onClick={() => setAsking(true)}>
        Delete
      </button>
      {isAsking && (
        <Confirm
          title={`Delete ${name}?`}
          action="Delete"
          isBusy={isBusy}
          onConfirm={() => void remove().then(() => setAsking(false))}
          onClose={() => setAsking(false)}
        >
          <p>Runs that go on keep their plan. While a template or another workflow names it, it stays.</p>
        </Confirm>
      )}
    </>
  );
}
