import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ModerationRule, rulesQuery } from "../../data/moderation.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { RuleDialog } from "./rule-dialog.tsx";
import { actions } from "./rule-form.ts";

/** What is not wanted in conversations, and what becomes of it. */
export function RulesPage() {
  const list = useInfiniteQuery(rulesQuery);
  const [shown, setShown] = useState<ModerationRule | "new">();
  const columns: Column<ModerationRule>[] = [
    {
      name: "Rule",
      cell: (rule) => (
        <button type="button" className="bare row-button" data-row onClick={() => setShown(rule)}>
          {rule.name}
        </button>
      ),
    },
    {
      name: "Looks for",
      text: "cut",
      cell: ({ words, pattern }) => (
        <>
          {words.join(", ")} {pattern && <code>{pattern}</code>}
        </>
      ),
    },
    { name: "What fits", cell: ({ action }) => actions[action].name },
    {
      name: "State",
      cell: ({ is_active }) => (
        <span className={`level ${is_active ? "" : "warn"}`}>{is_active ? "active" : "switched off"}</span>
      ),
    },
    { name: "Changed", isNumber: true, cell: ({ updated_at }) => <Ago at={updated_at} /> },
  ];
  return (
    <Page
      title="Moderation"
      actions={
        <button type="button" onClick={() => setShown("new")}>
          <Icon name="plus" /> New rule
        </button>
      }
    >
      <Listing
        what="rules"
        list={list}
        rows={list.data?.pages.flatMap(({ rules }) => rules)}
        keyOf={({ id }) => id}
        columns={columns}
        empty={{
          title: "Anything may be said",
          children: (
            <p>A rule says which words are not wanted, and what becomes of a message that has them.</p>
          ),
        }}
      />
      {shown && <RuleDialog rule={shown === "new" ? undefined : shown} onClose={() => setShown(undefined)} />}
    </Page>
  );
}
