import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AgentDefinition, agentDefinitionsQuery } from "../../data/definitions.ts";
import { Icon } from "../../parts/icons.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { AgentDefinitionDialog } from "./agent-definition-dialog.tsx";

/** Kinds of agents that steps can send tasks to. */
export function AgentDefinitionsPage() {
  const list = useInfiniteQuery(agentDefinitionsQuery);
  const [shown, setShown] = useState<AgentDefinition | "new">();
  return (
    <Page
      title="Agent types"
      actions={
        <button type="button" onClick={() => setShown("new")}>
          <Icon name="plus" /> New agent type
        </button>
      }
    >
      <Listing
        what="agent types"
        list={list}
        rows={list.data?.pages.flatMap(({ definitions }) => definitions)}
        keyOf={({ id }) => id}
        columns={[
          {
            name: "Agent type",
            cell: (definition) => (
              <button type="button" className="bare row-button" data-row onClick={() => setShown(definition)}>
                {definition.display_name}
              </button>
            ),
          },
          { name: "Topic", cell: ({ topic }) => <code>{topic}</code> },
          { name: "Category", cell: ({ category }) => category },
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
          {
            name: "Changed",
            isNumber: true,
            // Those of the platform are there from the beginning.
            cell: ({ updated_at }) => (Date.parse(updated_at) > 0 ? <Ago at={updated_at} /> : "built in"),
          },
        ]}
        empty={{ title: "There are no agent types yet" }}
      />
      {shown && (
        <AgentDefinitionDialog
          definition={shown === "new" ? undefined : shown}
          onClose={() => setShown(undefined)}
        />
      )}
    </Page>
  );
}
