import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { type ActingWithin, leaveTenant } from "../session/acting.ts";
import "../styles/acting.css";

/** No socket tells of another tenant: what is looked at is asked for again so often. */
const everyMs = 15_000;

/** Says at all times that what is done is done within another tenant, and leads home. */
export function ActingBar({ within: { clientId, name } }: { within: ActingWithin }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) void queries.invalidateQueries();
    }, everyMs);
    return () => clearInterval(timer);
  }, [queries]);
  const leave = () => {
    queries.clear();
    leaveTenant();
    void navigate({ to: "/admin/tenants/$tenant", params: { tenant: clientId } });
  };
  return (
    <section className="acting" aria-label="Another tenant">
      <p>
        You act within <b>{name}</b>
        <span className="of-acting"> · what you change stands in its audit log</span>
      </p>
      <button type="button" onClick={leave}>
        Leave
      </button>
    </section>
  );
}
