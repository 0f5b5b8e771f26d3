import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Ban, bansQuery, liftBan, staleBans } from "../../data/moderation.ts";
import { useAction } from "../../parts/action.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago, exactTime } from "../../parts/time.tsx";
import { BanDialog } from "./ban-dialog.tsx";

/** Who may write in no conversation. */
export function BansPage() {
  const list = useInfiniteQuery(bansQuery);
  const [isNew, setNew] = useState(false);
  const [lifted, setLifted] = useState<Ban>();
  const columns: Column<Ban>[] = [
    {
      name: "Person",
      cell: ({ person_id: id, person_kind: kind }) =>
        kind === "user" ? (
          <Link to="/admin/users/$user" params={{ user: id }} data-row>
            <code title={id}>…{id.slice(-8)}</code>
          </Link>
        ) : (
          <>
            visitor <code title={id}>…{id.slice(-8)}</code>
          </>
        ),
    },
    { name: "Reason", text: "wrap", cell: ({ reason }) => reason },
    { name: "Until", cell: ({ until }) => (until ? exactTime(until) : "for good") },
    { name: "By", cell: ({ created_by: by }) => (by ? <code title={by}>…{by.slice(-8)}</code> : "a rule") },
    { name: "Since", isNumber: true, cell: ({ created_at }) => <Ago at={created_at} /> },
    {
      name: "What to do",
      isHidden: true,
      cell: (row) => (
        <button
          type="button"
          onClick={() => setLifted(row)}
          aria-label={`Lift the ban of …${row.person_id.slice(-8)}`}
        >
          Lift
        </button>
      ),
    },
  ];
  return (
    <Page
      title="Bans"
      actions={
        <button type="button" onClick={() => setNew(true)}>
          <Icon name="plus" /> New ban
        </button>
      }
    >
      <Listing
        what="bans"
        list={list}
        rows={list.data?.pages.flatMap(({ bans }) => bans)}
        keyOf={({ id }) => id}
        columns={columns}
        empty={{
          title: "Nobody is banned",
          children: <p>Whoever is banned reads and erases what is theirs, but writes in no conversation.</p>,
        }}
      />
      {isNew && <BanDialog onClose={() => setNew(false)} />}
      {lifted && <Lift row={lifted} onClose={() => setLifted(undefined)} />}
    </Page>
  );
}

function Lift({ row: { id, reason }, onClose }: { row: Ban; onClose: () => void }) {
  const [lift, isBusy] = useAction(() => liftBan(id), { done: "The ban is lifted", stale: staleBans });
  return (
    <Confirm
      title="Lift the ban"
      action="Lift it"
      isBusy={isBusy}
      onConfirm={() => void lift().then(onClose)}
      onClose={onClose}
    >
      <p>Whoever it is of may write again at once. It was for: {reason}</p>
    </Confirm>
  );
}
