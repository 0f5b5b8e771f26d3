import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { dataOf } from "#client/index.ts";
import {
  type Instance,
  instancesQuery,
  type TemplateChoice,
  templateChoicesQuery,
} from "../../data/personas.ts";
import { tellFailure } from "../../parts/messages.tsx";
import { Empty, Loading, Page, Problem } from "../../parts/page.tsx";
import { Status } from "../../parts/status.tsx";
import { Ago } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";

/** One's own personas, and the templates that more are made from. */
export function PersonasPage() {
  const instances = useQuery(instancesQuery);
  const templates = useQuery(templateChoicesQuery);
  const choices = templates.data?.templates ?? [];
  const mine = instances.data?.instances ?? [];
  return (
    <Page title="Personas">
      {(instances.isPending || templates.isPending) && <Loading what="personas" />}
      {instances.error && <Problem error={instances.error} retry={() => void instances.refetch()} />}
      {mine.length > 0 && (
        <section aria-labelledby="mine-title" className="stack">
          <h2 id="mine-title">Yours</h2>
          <ul className="cards">
            {mine.map((instance) => (
              <li key={instance.id}>
                <PersonaCard instance={instance} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {templates.error && <Problem error={templates.error} retry={() => void templates.refetch()} />}
      {templates.data && (
        <section aria-labelledby="templates-title" className="stack">
          <h2 id="templates-title">{mine.length > 0 ? "Make another from" : "Choose one to begin with"}</h2>
          {choices.length === 0 ? (
            <Empty title="There are no templates yet">
              <p>Administrators make them; then they are here.</p>
            </Empty>
          ) : (
            <ul className="cards">
              {choices.map((template) => (
                <li key={template.id}>
                  <TemplateCard template={template} />
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </Page>
  );
}

const PersonaCard = ({ instance }: { instance: Instance }) => (
  <article className="card">
    <p className="meta">{instance.category || "persona"}</p>
    <h3>
      <Link to="/personas/$persona" params={{ persona: instance.id }} className="card-link">
        {instance.name}
      </Link>
    </h3>
    <p>{instance.description}</p>
    <div className="meta card-foot">
      {instance.last_run ? (
        <>
          <Status status={instance.last_run.status} /> <Ago at={instance.last_run.at} />
        </>
      ) : (
        "Has not run yet"
      )}
    </div>
  </article>
);

function TemplateCard({ template }: { template: TemplateChoice }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: async () =>
      dataOf(
        await api.POST("/api/v1/personas/instances", {
          body: { template_id: template.id, name: template.name },
        }),
      ),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ["instances"] });
      await navigate({ to: "/personas/$persona", params: { persona: id } });
    },
    onError: tellFailure,
  });
  return (
    <article className="card">
      <p className="meta">{template.category}</p>
      <h3>{template.name}</h3>
      <p>{template.description}</p>
      <div className="card-foot">
        <button type="button" disabled={make.isPending} onClick={() => make.mutate()}>
          Make one<span className="sr"> from {template.name}</span>
        </button>
      </div>
    </article>
  );
}
