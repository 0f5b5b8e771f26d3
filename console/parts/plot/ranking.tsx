import { count } from "../time.tsx";

interface Ranked {
  name: string;
  value: number;
}

/** Names by how much each has, with its share of all. */
export function Ranking({
  rows,
  format = count,
}: {
  rows: readonly Ranked[];
  format?: (value: number) => string;
}) {
  const most = Math.max(...rows.map(({ value }) => value), 0);
  return (
    <ol className="ranking">
      {rows.map(({ name, value }) => (
        <li key={name}>
          <span className="name" title={name}>
            {name}
          </span>
          <span className="num">{format(value)}</span>
          <span className="share">
            <span style={{ inlineSize: `${most > 0 ? (value / most) * 100 : 0}%` }} />
          </span>
        </li>
      ))}
    </ol>
  );
}
