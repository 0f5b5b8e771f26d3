import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { type ApprovalFilter, approvalsQuery } from "../../data/approvals.ts";
import { instancesQuery } from "../../data/personas.ts";
import { type Approval, endingToday, keyOf, questionOf } from "../../data/questions.ts";
import { runQuery } from "../../data/runs.ts";
import { Decision } from "../../parts/decision.tsx";
import { SelectField } from "../../parts/filters.tsx";
import { useKeys } from "../../parts/keys.ts";
import { More } from "../../parts/more.tsx";
import { Empty, Loading, Page, Problem } from "../../parts/page.tsx";
import { useSelection } from "../../parts/selection.ts";
import { Ago, count } from "../../parts/time.tsx";
import { Value } from "../../parts/value.tsx";
import { QuestionList } from "./question-list.tsx";
import { SeveralDecisions } from "./several-decisions.tsx";
import "../../styles/pages.css";

const route = getRouteApi("/in/inbox");

const verdicts: Record<string, string> = { a: "approve", x: "reject" };

/** What waits for the caller, and what there is to look at. */
export function InboxPage() {
  const asked = route.useSearch();
  const navigate = useNavigate({ from: "/inbox" });
  const filter: ApprovalFilter = { instance_id: asked.persona, kind: asked.kind };
  const isNarrowed = filter.instance_id !== undefined || filter.kind !== undefined;
  const list = useInfiniteQuery(approvalsQuery(filter));
  const selection = useSelection();
  const rows = list.data?.pages.flatMap(({ approvals }) => approvals) ?? [];
  const chosen =
    rows.find(({ run_id, step }) => run_id === asked.run && step === (asked.step ?? step)) ?? rows[0];
  const article = useRef<HTMLElement>(null);
  const choose = (row: Approval | undefined) =>
    void navigate({
      search: (before) => ({ ...before, run: row?.run_id, step: row?.step }),
      replace: true,
    });

  // `a` and `x` lead to the verdict; no single key decides.
  useKeys((key) => {
    const control = article.current?.querySelector<HTMLElement>(`[data-verdict="${verdicts[key]}"]`);
    control?.focus();
    return control !== undefined && control !== null;
  });
  const next = () => {
    const at = chosen ? rows.indexOf(chosen) : -1;
    choose(rows[at + 1] ?? rows[at - 1]);
  };

  const waiting = list.data?.pages[0]?.waiting ?? 0;
  return (
    <Page
      title="Inbox"
      tab={waiting > 0 ? `(${waiting}) Inbox` : "Inbox"}
      beside={list.data && <span className="meta">{summary(waiting, rows)}</span>}
    >
      <Narrowing filter={filter} isShown={isNarrowed || rows.length > 1} />
      {list.isPending && <Loading what="what waits" />}
      {list.error && <Problem error={list.error} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && isNarrowed && (
        <Empty title="No question fits">
          <button type="button" onClick={() => void navigate({ search: {}, replace: true })}>
            Clear the filters
          </button>
        </Empty>
      )}
      {list.data && rows.length === 0 && !isNarrowed && (
        <Empty title="Nothing waits for you">
          <p>When a run needs a decision, it is here at once.</p>
          <Link to="/runs" className="button">
            All runs
          </Link>
        </Empty>
      )}
      {chosen && (
        <div className="inbox">
          <div className="stack">
            <QuestionList rows={rows} chosen={chosen} onChoose={choose} selection={selection} />
            <More list={list} />
          </div>
          <article className="panel" ref={article} aria-label="What is asked">
            <Asked key={keyOf(chosen)} approval={chosen} onDecided={next} />
          </article>
        </div>
      )}
      <SeveralDecisions rows={rows} selection={selection} />
    </Page>
  );
}

const kinds = [
  { value: "pause", name: "Questions of plans" },
  { value: "tool", name: "Calls of tools" },
] as const;

/** What the questions are narrowed by. */
function Narrowing({ filter, isShown }: { filter: ApprovalFilter; isShown: boolean }) {
  const navigate = useNavigate({ from: "/inbox" });
  const { data } = useQuery(instancesQuery);
  if (!isShown) return null;
  const personas = (data?.instances ?? []).map(({ id, name }) => ({ value: id, name }));
  return (
    <search className="filters">
      <SelectField
        label="Persona"
        value={filter.instance_id}
        options={personas}
        onChange={(persona) => void navigate({ search: { kind: filter.kind, persona }, replace: true })}
      />
      <SelectField
        label="Kind"
        value={filter.kind}
        options={kinds}
        onChange={(kind) => void navigate({ search: { persona: filter.instance_id, kind }, replace: true })}
      />
    </search>
  );
}

function summary(waiting: number, rows: readonly Approval[]): string {
  if (waiting === 0) return "Nothing waits";
  const ending = endingToday(rows, new Date()).length;
  return `${count(waiting)} waiting${ending > 0 ? ` · ${count(ending)} ends today` : ""}`;
}

function Asked({ approval, onDecided }: { approval: Approval; onDecided: () => void }) {
  const { correlation_id, run_id, step, since, expires_at } = approval;
  return (
    <>
      <header>
        <h2>{questionOf(approval)}</h2>
        <p className="meta">
          {approval.instance_name ?? "A persona"} ·{" "}
          <Link to="/runs/$run" params={{ run: run_id }}>
            open the run
          </Link>{" "}
          · asked <Ago at={since} />
          {expires_at && (
            <>
              {" "}
              · ends <Ago at={expires_at} />
            </>
          )}
        </p>
      </header>
      {approval.review_left_out ? (
        <LargeReview approval={approval} />
      ) : (
        <Value value={approval.review ?? {}} />
      )}
      <div className="sticky">
        <Decision run={correlation_id} step={step} onDecided={onDecided} />
        <p className="meta">
          <span className="of-keys">
            <kbd>a</kbd> approve <kbd>x</kbd> reject <kbd>j</kbd> <kbd>k</kbd> next, previous <kbd>s</kbd>{" "}
            select
          </span>
          {approval.rejection_ends_run && <span> A rejection ends the run.</span>}
        </p>
      </div>
    </>
  );
}

/** What is too large for the list, as the run has it. */
function LargeReview({ approval }: { approval: Approval }) {
  const { data: run, error, refetch } = useQuery(runQuery(approval.run_id));
  if (error && !run) return <Problem error={error} retry={() => void refetch()} />;
  if (!run) return <Loading what="what there is to look at" rows={4} />;
  const gate = run.waiting?.find((each) => keyOf(each) === keyOf(approval));
  return gate ? <Value value={gate.review ?? {}} /> : <p className="meta">It has been decided.</p>;
}
