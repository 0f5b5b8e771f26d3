import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { dimensions } from "../../data/choices.ts";
import { type Dimension, type Metric, metrics, type Range, ranges, seriesQuery } from "../../data/usage.ts";
import { download } from "../../parts/download.ts";
import { SelectField } from "../../parts/filters.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Plot } from "../../parts/plot/plot.tsx";
import { Ranking } from "../../parts/plot/ranking.tsx";
import { count } from "../../parts/time.tsx";
import { csvOf } from "./csv.ts";
import { formatOf, money } from "./figures.ts";
import { Plan } from "./plan.tsx";
import "../../styles/values.css";
import "../../styles/plot.css";

const route = getRouteApi("/in/usage");

const dimensionNames: Record<Dimension, string> = {
  persona: "By persona",
  step: "By step",
  model: "By model",
  agent: "By agent",
};

/** What one's runs have used, over time and by what, and what one's tier allows. */
export function UsagePage() {
  const { metric = "fuel", by = "persona", range = "14" } = route.useSearch();
  const navigate = useNavigate({ from: "/usage" });
  const days = useQuery(seriesQuery("day", range));
  const parts = useQuery(seriesQuery(by, range));
  const narrow = (change: { metric?: Metric; by?: Dimension; range?: Range }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const format = formatOf(metric);
  const { of: figureOf, name } = metrics[metric];
  const points = useMemo(
    () => days.data?.series[0]?.points.map((point) => ({ at: point.at, value: figureOf(point) })) ?? [],
    [days.data, figureOf],
  );
  const rows = (parts.data?.series ?? [])
    .map((series) => ({ name: series.label ?? series.name ?? "All else", value: figureOf(series.total) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value);
  const total = days.data?.total;
  return (
    <Page
      title="Usage"
      actions={
        days.data && (
          <button type="button" onClick={() => download("usage.csv", csvOf(days.data), "text/csv")}>
            Download CSV
          </button>
        )
      }
    >
      <div className="filters">
        <SelectField
          label="Figure"
          value={metric}
          options={namesOf(metrics)}
          onChange={(value) => narrow({ metric: value })}
          all=""
        />
        <SelectField
          label="Range"
          value={range}
          options={rangeOptions}
          onChange={(value) => narrow({ range: value })}
          all=""
        />
      </div>
      {days.error && <Problem error={days.error} retry={() => void days.refetch()} />}
      {days.isPending && <Loading what="usage" />}
      {total && (
        <dl className="facts">
          <Fact name="Runs" value={count(total.count)} note={`${count(total.failed)} failed`} />
          <Fact name="Fuel" value={count(total.fuel)} />
          <Fact
            name="Tokens"
            value={count(total.tokens_in + total.tokens_out)}
            note={`${count(total.tokens_out)} out`}
          />
          <Fact name="Cost" value={money(total.cost_micros / 1_000_000)} />
        </dl>
      )}
      <div className="usage">
        <section className="panel" aria-label={`${name} by day`}>
          {points.some(({ value }) => value > 0) ? (
            <Plot title={`${name} by day`} points={points} format={format} />
          ) : (
            <>
              <h2>{`${name} by day`}</h2>
              {days.isSuccess && <p className="meta">Nothing in this time.</p>}
            </>
          )}
        </section>
        <section className="panel" aria-label={dimensionNames[by]}>
          <div className="panel-head">
            <h2>{dimensionNames[by]}</h2>
            <SelectField
              label="By"
              value={by}
              options={dimensions.map((value) => ({ value, name: value }))}
              onChange={(value) => narrow({ by: value })}
              all=""
            />
          </div>
          {parts.error && <Problem error={parts.error} />}
          {rows.length > 0 ? (
            <Ranking rows={rows} format={format} />
          ) : (
            <p className="meta">Nothing in this time.</p>
          )}
        </section>
      </div>
      <Plan />
    </Page>
  );
}

const namesOf = (named: typeof metrics) =>
  (["fuel", "runs", "tokens", "cost", "failures"] as const).map((value) => ({
    value,
    name: named[value].name,
  }));

const rangeOptions = (["7", "14", "30", "90"] as const).map((value) => ({ value, name: ranges[value] }));

const Fact = ({ name, value, note }: { name: string; value: string; note?: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {value} {note && <small>{note}</small>}
    </dd>
  </div>
);
