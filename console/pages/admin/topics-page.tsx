import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { dataOf } from "#client/index.ts";
import { type DeadLetter, deadLettersQuery, topicsQuery } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Pre } from "../../parts/markdown.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Ago, count } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";

/** Queues, topics, and what could not be delivered. */
export function TopicsPage() {
  const { data, error, refetch } = useQuery(topicsQuery);
  return (
    <Page title="Topics">
      {error && <Problem error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading what="topics" />}
      {data && (
        <>
          <div className="stack">
            <h2>Queues</h2>
            <DataTable
              caption="Queues"
              rows={data.queues}
              keyOf={({ queue }) => queue}
              columns={[
                { name: "Queue", cell: ({ queue }) => <code>{queue}</code> },
                { name: "Consumer", cell: ({ consumer }) => consumer },
                { name: "Backlog", isNumber: true, cell: ({ backlog }) => count(backlog) },
                {
                  name: "Oldest",
                  isNumber: true,
                  cell: (queue) => (queue.oldest_message_at ? <Ago at={queue.oldest_message_at} /> : "–"),
                },
                { name: "Dead letters", isNumber: true, cell: (queue) => count(queue.dead_letters) },
              ]}
            />
          </div>
          <DeadLetters />
          <div className="stack">
            <h2>Topics</h2>
            <DataTable
              caption="Topics"
              rows={data.topics}
              keyOf={({ topic }) => topic}
              columns={[
                { name: "Topic", cell: ({ topic }) => <code>{topic}</code> },
                { name: "What goes there", text: "wrap", cell: ({ description }) => description },
                {
                  name: "Backlog",
                  isNumber: true,
                  cell: ({ backlog }) => (backlog === null ? "–" : count(backlog)),
                },
                {
                  name: "Done",
                  isNumber: true,
                  cell: ({ processed }) => (processed === null ? "–" : count(processed)),
                },
                { name: "Failed", isNumber: true, cell: ({ failures }) => count(failures) },
              ]}
            />
          </div>
        </>
      )}
    </Page>
  );
}

const isSameKind = (a: DeadLetter, b: DeadLetter | undefined): boolean =>
  a.queue === b?.queue && a.reason === b.reason;

/** Page after page, until none is left behind those that were tried. */
async function sendAllAgain({ queue, reason }: DeadLetter): Promise<void> {
  let cursor: string | undefined;
  do {
    const body = { queue, reason, cursor };
    const page = dataOf(await api.POST("/api/v1/admin/system/dead-letters/redrive", { body }));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

function DeadLetters() {
  const list = useInfiniteQuery(deadLettersQuery);
  const [shown, setShown] = useState<DeadLetter>();
  const [again, isBusy] = useAction(
    async (id: string) =>
      dataOf(await api.POST("/api/v1/admin/system/dead-letters/{id}/redrive", { params: { path: { id } } })),
    {
      done: "It is sent again",
      stale: [
        ["admin", "dead-letters"],
        ["admin", "topics"],
      ],
    },
  );
  const [againAll, isBusyWithAll] = useAction(sendAllAgain, {
    done: "All of that reason are sent again, but for those that could never succeed",
    stale: [
      ["admin", "dead-letters"],
      ["admin", "topics"],
    ],
  });
  const others = list.data?.pages
    .flatMap((page) => page.dead_letters)
    .filter((letter) => !letter.redriven_at && isSameKind(letter, shown));
  return (
    <section className="stack" aria-labelledby="dead-title">
      <h2 id="dead-title">Dead letters</h2>
      <Listing
        what="dead letters"
        list={list}
        rows={list.data?.pages.flatMap((page) => page.dead_letters)}
        keyOf={({ id }) => id}
        columns={[
          {
            name: "Reason",
            text: "cut",
            cell: (letter) => (
              <button type="button" className="bare row-button" data-row onClick={() => setShown(letter)}>
                {letter.reason}
              </button>
            ),
          },
          { name: "Queue", cell: ({ queue }) => <code>{queue}</code> },
          { name: "Tenant", cell: (letter) => letter.client_id ?? "–" },
          { name: "Failed", cell: (letter) => <Ago at={letter.failed_at} /> },
          {
            name: "Again",
            isHidden: true,
            isNumber: true,
            cell: (letter) =>
              letter.redriven_at ? (
                <span className="meta">
                  sent again <Ago at={letter.redriven_at} />
                </span>
              ) : (
                <button
                  type="button"
                  className="bare"
                  disabled={isBusy}
                  onClick={() => void again(letter.id)}
                >
                  Send again
                </button>
              ),
          },
        ]}
        empty={{
          title: "Nothing was left undelivered",
          children: <p>What fails for good on its way is kept here.</p>,
        }}
      />
      {shown && (
        <Dialog title={shown.reason} isWide onClose={() => setShown(undefined)}>
          <Pre text={JSON.stringify(shown, null, 2)} label="Dead letter" />
          <div className="actions">
            {others && others.length > 0 && (
              <button
                type="button"
                disabled={isBusyWithAll}
                onClick={() => void againAll(shown).then(() => setShown(undefined))}
              >
                Send again all of this reason
              </button>
            )}
            <button type="button" onClick={() => setShown(undefined)}>
              Close
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
