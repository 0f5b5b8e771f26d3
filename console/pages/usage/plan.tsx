import { useQuery } from "@tanstack/react-query";
import { quotaQuery, subscriptionQuery, tiersQuery } from "../../data/usage.ts";
import { Problem } from "../../parts/page.tsx";
import { count, dayOf } from "../../parts/time.tsx";
import { money } from "./figures.ts";

const resources = [
  ["personas", "Personas"],
  ["projects", "Projects"],
  ["content", "Runs this period"],
] as const;

/** The tier, what it allows, and how much of that is used. */
export function Plan() {
  const { data: subscription, error } = useQuery(subscriptionQuery);
  const { data: tiers } = useQuery(tiersQuery);
  const tier = tiers?.find(({ name }) => name === subscription?.tier);
  return (
    <section className="panel" aria-labelledby="plan-title">
      <div className="panel-head">
        <h2 id="plan-title">Tier: {tier?.display_name ?? subscription?.tier ?? "…"}</h2>
        {tier && (
          <span className="meta">
            {tier.price_monthly === 0 ? "free" : `${money(tier.price_monthly)} a month`}
          </span>
        )}
      </div>
      {error && <Problem error={error} />}
      {tier && <p className="meta">{tier.description}</p>}
      <dl className="facts">
        {resources.map(([resource, name]) => (
          <Quota key={resource} resource={resource} name={name} />
        ))}
        {subscription?.current_period_end && (
          <div>
            <dt>Period ends</dt>
            <dd>{dayOf(subscription.current_period_end)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Quota({ resource, name }: { resource: (typeof resources)[number][0]; name: string }) {
  const { data } = useQuery(quotaQuery(resource));
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {data ? count(data.current_usage) : "…"}
        {data && <small>{data.max_allowed === -1 ? "of any number" : `of ${count(data.max_allowed)}`}</small>}
        {data && data.max_allowed > 0 && (
          <meter min={0} max={data.max_allowed} value={data.current_usage} aria-label={`${name} used`} />
        )}
      </dd>
    </div>
  );
}
