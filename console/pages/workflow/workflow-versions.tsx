import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { workflowVersionsQuery } from "../../data/definitions.ts";
import { Difference } from "../../parts/difference/difference.tsx";
import { readable } from "../../parts/difference/readable.ts";
import { Listing } from "../../parts/listing.tsx";
import { Ago, count } from "../../parts/time.tsx";

/** What the workflow was in each version, and what a version changed. */
export function WorkflowVersions({ name }: { name: string }) {
  const list = useInfiniteQuery(workflowVersionsQuery(name));
  const versions = list.data?.pages.flatMap((page) => page.versions);
  const [chosen, setChosen] = useState<number>();
  const at = versions?.findIndex(({ version }) => version === chosen) ?? -1;
  const [shown, before] = at < 0 ? [] : [versions?.[at], versions?.[at + 1]];
  return (
    <>
      <Listing
        what="versions"
        list={list}
        rows={versions}
        keyOf={({ version }) => String(version)}
        columns={[
          {
            name: "Version",
            cell: ({ version }) => (
              <button
                type="button"
                className="bare row-button"
                data-row
                aria-expanded={version === chosen}
                onClick={() => setChosen(version === chosen ? undefined : version)}
              >
                {version}
              </button>
            ),
          },
          { name: "What it is for", text: "cut", cell: ({ description }) => description || "–" },
          { name: "Steps", isNumber: true, cell: ({ plan }) => count(Object.keys(plan.steps).length) },
          { name: "Made", isNumber: true, cell: ({ created_at }) => <Ago at={created_at} /> },
        ]}
        empty={{ title: "There are no versions" }}
      />
      {shown && (
        <section className="panel" aria-labelledby="version-title">
          <h2 id="version-title">
            {before
              ? `What version ${shown.version} changed of version ${before.version}`
              : `Version ${shown.version}, the first`}
          </h2>
          <Difference
            label="Plan"
            before={before ? readable(before.plan) : ""}
            after={readable(shown.plan)}
          />
        </section>
      )}
    </>
  );
}
