import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Instance } from "../../data/personas.ts";
import { runQuery, runsQuery } from "../../data/runs.ts";
import { Loading, Problem } from "../../parts/page.tsx";
import { isSchema, type Schema } from "../../parts/schema-form/fields.ts";
import { SchemaForm } from "../../parts/schema-form/schema-form.tsx";
import { LastRun } from "./last-run.tsx";

const anything: Schema = { type: "object", properties: { topic: { type: "string" } } };

/** The schema that an instance's input has to fit; a topic where it has none. */
function schemaOf({ input_schema: schema }: Instance): Schema {
  return isSchema(schema) && isSchema(schema.properties) ? schema : anything;
}

/** What it takes as a form, beside what came of it. */
export function Playground({ instance, again }: { instance: Instance; again: string | undefined }) {
  const queries = useQueryClient();
  const earlier = useQuery({ ...runQuery(again ?? ""), enabled: again !== undefined });
  const list = useInfiniteQuery(runsQuery({ instance_id: instance.id }, 5));
  const [begun, setBegun] = useState<string>();
  const [failure, setFailure] = useState<unknown>();

  const execute = async (input: Record<string, unknown>) => {
    setFailure(undefined);
    try {
      const { runs } = await import("../../session/live-client.ts");
      const run = await runs.execute(instance.id, { input });
      setBegun(run.id);
    } catch (error) {
      setFailure(error);
      throw error;
    }
    void queries.invalidateQueries({ queryKey: ["runs"] });
  };

  if (again !== undefined && earlier.isPending) return <Loading what="the form" />;
  const schema = schemaOf(instance);
  const recent = list.data?.pages[0]?.runs ?? [];
  const shown = begun ?? recent[0]?.correlation_id;
  return (
    <div className="playground">
      <section className="panel" aria-labelledby="input-title">
        <h2 id="input-title">Input</h2>
        {again !== undefined && (
          <p className="meta">
            As in{" "}
            <Link to="/runs/$run" params={{ run: again }}>
              an earlier run
            </Link>
            ; change what you like.
          </p>
        )}
        {failure !== undefined && <Problem error={failure} />}
        <SchemaForm
          schema={schema}
          initial={earlier.data?.input ?? undefined}
          submit={{ name: "Execute", busy: "Starting…" }}
          onSubmit={execute}
        />
      </section>
      {shown ? (
        <LastRun key={shown} id={shown} />
      ) : (
        <section className="panel" aria-labelledby="result-title">
          <h2 id="result-title">Result</h2>
          <p className="meta">What comes of it is here, while it is written.</p>
        </section>
      )}
    </div>
  );
}
