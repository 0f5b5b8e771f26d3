import { useQuery } from "@tanstack/react-query";
import { dataOf } from "#client/index.ts";
import { useAction } from "../../parts/action.ts";
import { Loading, Problem } from "../../parts/page.tsx";
import { Scroller } from "../../parts/scroller.tsx";
import { Ago } from "../../parts/time.tsx";
import { api, done } from "../../session/client.ts";

/** Where one is signed in. */
export function Sessions() {
  const list = useQuery({
    queryKey: ["sessions"],
    queryFn: async ({ signal }) =>
      dataOf(await api.GET("/api/v1/user/sessions", { params: { query: { limit: 50 } }, signal })).sessions,
  });
  const stale = [["sessions"]];
  const [end, isEnding] = useAction(
    async (session_id: string) =>
      done(await api.DELETE("/api/v1/user/sessions/{session_id}", { params: { path: { session_id } } })),
    { done: "It has ended", stale },
  );
  const [endOthers, isEndingAll] = useAction(async () => dataOf(await api.DELETE("/api/v1/user/sessions")), {
    done: "You are signed in here only",
    stale,
  });
  return (
    <section className="panel wide" aria-labelledby="sessions-title">
      <div className="panel-head">
        <h2 id="sessions-title">Where you are signed in</h2>
        {(list.data?.length ?? 0) > 1 && (
          <button type="button" disabled={isEndingAll} onClick={() => void endOthers()}>
            End all others
          </button>
        )}
      </div>
      {list.error && <Problem error={list.error} />}
      {list.isPending && <Loading what="sessions" rows={2} />}
      {list.data && (
        <Scroller label="Sessions">
          <table className="list">
            <caption className="sr">Sessions</caption>
            <thead>
              <tr>
                <th scope="col">Program</th>
                <th scope="col">Address</th>
                <th scope="col">Last used</th>
                <th scope="col">
                  <span className="sr">End</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.data.map((session) => (
                <tr key={session.id}>
                  <th scope="row" className="cut" title={session.user_agent}>
                    {programOf(session.user_agent)}
                  </th>
                  <td>{session.ip}</td>
                  <td>
                    <Ago at={session.last_used_at} />
                  </td>
                  <td className="num">
                    {session.current ? (
                      <span className="meta">this one</span>
                    ) : (
                      <button
                        type="button"
                        className="bare"
                        disabled={isEnding}
                        onClick={() => void end(session.id)}
                      >
                        End
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
    </section>
  );
}

const programs = [
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/curl\//, "curl"],
] as const;
const systems = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Mac OS/, "macOS"],
  [/Linux/, "Linux"],
] as const;

/** A browser and its system, as far as the text that it sends says. */
function programOf(agent: string): string {
  const find = (known: readonly (readonly [RegExp, string])[]) =>
    known.find(([shape]) => shape.test(agent))?.[1];
  const [program, system] = [find(programs), find(systems)];
  if (!program) return agent.slice(0, 40) || "A program";
  return system ? `${program} on ${system}` : program;
}
