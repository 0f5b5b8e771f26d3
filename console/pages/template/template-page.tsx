import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type components, dataOf } from "#client/index.ts";
import { type Template, templateQuery, templateVersionsQuery } from "../../data/templates.ts";
import { useAction } from "../../parts/action.ts";
import { Id } from "../../parts/copy.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { PlanEditor } from "../../parts/editor/lazy-editor.tsx";
import type { Subject } from "../../parts/editor/plan-editor.tsx";
import { SaveVersion } from "../../parts/editor/save-version.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { Ago } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";

const configuration: Subject = {
  name: "configuration",
  label: "Configuration",
  planAt: ["workflow"],
  check: async (config, signal) =>
    dataOf(await api.POST("/api/v1/templates/validate", { body: { config }, signal })),
};

const route = getRouteApi("/in/templates/$template");

const tabs = [
  { id: "editor", name: "Editor" },
  { id: "versions", name: "Versions" },
] as const;

/** A template: its configuration as text and picture, and what it was before. */
export function TemplatePage() {
  const { template: id } = route.useParams();
  const [saved, setSaved] = useState(0);
  const { data, error, refetch } = useQuery(templateQuery(id));
  if (error && !data)
    return (
      <Page title="Template">
        <Problem error={error} retry={() => void refetch()} />
      </Page>
    );
  if (!data)
    return (
      <Page title="Template">
        <Loading what="the template" />
      </Page>
    );
  // What somebody else saves meanwhile does not take the text from under who writes.
  return <Loaded key={saved} template={data} onSaved={() => setSaved((times) => times + 1)} />;
}

const contentOf = ({ version, config }: Template) => ({ version, content: config });

function Loaded({ template, onSaved }: { template: Template; onSaved: () => void }) {
  const navigate = useNavigate();
  const [tab, setTab] = useState<(typeof tabs)[number]["id"]>("editor");
  const queries = useQueryClient();
  const [base] = useState(() => contentOf(template));
  const [config, setConfig] = useState<Record<string, unknown> | undefined>(template.config);
  const params = { path: { template_id: template.id } };
  const stale = [["templates"], ["template-choices"]];
  const change = async (body: components["schemas"]["UpdateTemplate"]) =>
    dataOf(await api.PUT("/api/v1/templates/{template_id}", { params, body }));
  const [switchIt, isSwitching] = useAction(change, {
    done: template.is_active ? "Switched off" : "Switched on",
    stale,
  });
  const [clone, isCloning] = useAction(
    async () => {
      const made = dataOf(
        await api.POST("/api/v1/templates/{template_id}/clone", {
          params,
          body: { name: `${template.name} (copy)` },
        }),
      );
      await navigate({ to: "/templates/$template", params: { template: made.id } });
    },
    { done: "This is the copy", stale },
  );
  return (
    <Page
      title={template.name}
      about={
        <p className="meta">
          <Id id={template.id} what="template's id" /> · version {template.version} · changed{" "}
          <Ago at={template.updated_at} />
        </p>
      }
      actions={
        <>
          <button type="button" disabled={isCloning} onClick={() => void clone()}>
            Copy
          </button>
          <button
            type="button"
            disabled={isSwitching}
            onClick={() => void switchIt({ is_active: !template.is_active })}
          >
            {template.is_active ? "Switch off" : "Switch on"}
          </button>
          <SaveVersion
            base={base}
            written={config}
            save={(content, version) => change({ config: content, version })}
            latest={async () =>
              contentOf(await queries.fetchQuery({ ...templateQuery(template.id), staleTime: 0 }))
            }
            onSaved={async () => {
              await Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey })));
              onSaved();
            }}
          />
        </>
      }
    >
      <Tabs label="Parts of the template" tabs={tabs} chosen={tab} onChoose={setTab}>
        {tab === "editor" && (
          <PlanEditor subject={configuration} initial={template.config} onChange={setConfig} />
        )}
        {tab === "versions" && <Versions id={template.id} />}
      </Tabs>
    </Page>
  );
}

function Versions({ id }: { id: string }) {
  const { data, error } = useQuery(templateVersionsQuery(id));
  if (error) return <Problem error={error} />;
  if (!data) return <Loading what="versions" />;
  return (
    <DataTable
      caption="Versions"
      rows={data}
      keyOf={({ version }) => String(version)}
      columns={[
        { name: "Version", cell: ({ version }) => version },
        { name: "Name", cell: ({ name }) => name },
        { name: "What it is for", text: "cut", cell: ({ description }) => description },
        { name: "Made", isNumber: true, cell: ({ created_at }) => <Ago at={created_at} /> },
      ]}
    />
  );
}
