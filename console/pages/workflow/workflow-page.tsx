import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { type components, dataOf } from "#client/index.ts";
import { type Workflow, workflowQuery } from "../../data/definitions.ts";
import { useAction } from "../../parts/action.ts";
import { Id } from "../../parts/copy.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { PlanEditor } from "../../parts/editor/lazy-editor.tsx";
import type { Subject } from "../../parts/editor/plan-editor.tsx";
import { SaveVersion } from "../../parts/editor/save-version.tsx";
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
  const [saved, setSaved] = useState(0);
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
  // What somebody else saves meanwhile does not take the text from under who writes.
  return <Loaded key={saved} workflow={data} onSaved={() => setSaved((times) => times + 1)} />;
}

/** What is written as a plan, for the platform to judge: it says what is missing. */
const asPlan = ({ start_step, steps, ...rest }: Record<string, unknown>): Plan => ({
  ...rest,
  start_step: typeof start_step === "string" ? start_step : "",
  steps: typeof steps === "object" && steps !== null ? Object.fromEntries(Object.entries(steps)) : {},
});

const contentOf = ({ version, plan }: Workflow) => ({ version, content: plan });

function Loaded({ workflow, onSaved }: { workflow: Workflow; onSaved: () => void }) {
  const { name, plan, version } = workflow;
  const [tab, setTab] = useState<(typeof tabs)[number]["id"]>("editor");
  const [written, setWritten] = useState<Record<string, unknown> | undefined>(plan);
  const queries = useQueryClient();
  const [base] = useState(() => contentOf(workflow));
  const change = async (body: components["schemas"]["UpdateWorkflow"]) =>
    dataOf(
      await api.PUT("/api/v1/admin/workflows/{workflow}", { params: { path: { workflow: name } }, body }),
    );
  const [switchIt, isSwitching] = useAction(change, {
    done: workflow.is_active ? "Switched off" : "Switched on",
    stale: [["workflows"]],
  });
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
            disabled={isSwitching}
            onClick={() => void switchIt({ is_active: !workflow.is_active, version })}
          >
            {workflow.is_active ? "Switch off" : "Switch on"}
          </button>
          <SaveVersion
            base={base}
            written={written}
            save={(content, from) => change({ plan: asPlan(content), version: from })}
            latest={async () => contentOf(await queries.fetchQuery({ ...workflowQuery(name), staleTime: 0 }))}
            onSaved={async () => {
              await queries.invalidateQueries({ queryKey: ["workflows"] });
              onSaved();
            }}
          />
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
