import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Widget, widgetsQuery } from "../../data/widgets.ts";
import { CopyButton } from "../../parts/copy.tsx";
import type { Column } from "../../parts/data-table.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { WidgetDialog } from "./widget-dialog.tsx";

/** What shows personas on other pages. */
export function WidgetsPage() {
  const list = useInfiniteQuery(widgetsQuery);
  const [shown, setShown] = useState<Widget | "new">();
  const [secret, setSecret] = useState<string>();
  const columns: Column<Widget>[] = [
    {
      name: "Widget",
      cell: (widget) => (
        <button type="button" className="bare row-button" data-row onClick={() => setShown(widget)}>
          {widget.name}
        </button>
      ),
    },
    {
      name: "Persona",
      cell: ({ instance_id: persona }) => (
        <Link to="/personas/$persona" params={{ persona }} search={{ tab: "chat" }}>
          <code title={persona}>…{persona.slice(-8)}</code>
        </Link>
      ),
    },
    { name: "Pages", text: "cut", cell: ({ origins }) => origins.join(", ") },
    { name: "Key", cell: ({ key }) => <code>{key}</code> },
    {
      name: "State",
      cell: ({ enabled }) => (
        <span className={`level ${enabled ? "" : "warn"}`}>{enabled ? "active" : "switched off"}</span>
      ),
    },
    { name: "Changed", isNumber: true, cell: ({ updated_at }) => <Ago at={updated_at} /> },
  ];
  const given = (next: string) => {
    setShown(undefined);
    setSecret(next);
  };
  return (
    <Page
      title="Widgets"
      actions={
        <button type="button" onClick={() => setShown("new")}>
          <Icon name="plus" /> New widget
        </button>
      }
    >
      <Listing
        what="widgets"
        list={list}
        rows={list.data?.pages.flatMap(({ widgets }) => widgets)}
        keyOf={({ id }) => id}
        columns={columns}
        empty={{
          title: "No page shows a persona",
          children: <p>With a widget, whoever visits your pages talks with a persona, without an account.</p>,
        }}
      />
      {shown && (
        <WidgetDialog
          widget={shown === "new" ? undefined : shown}
          onSecret={given}
          onClose={() => setShown(undefined)}
        />
      )}
      {secret && (
        <Dialog title="Its secret, shown this once" onClose={() => setSecret(undefined)}>
          <p>
            Your server signs with it who a visitor is. What an earlier one has signed opens nothing more.
          </p>
          <p className="snippet">
            <code>{secret}</code> <CopyButton text={secret} what="secret" />
          </p>
          <form method="dialog" className="actions">
            <button type="submit" className="primary">
              I have it
            </button>
          </form>
        </Dialog>
      )}
    </Page>
  );
}
