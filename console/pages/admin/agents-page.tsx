import { useInfiniteQuery } from "@tanstack/react-query";
import { agentsQuery } from "../../data/admin.ts";
import { Page } from "../../parts/page.tsx";
import { AgentList } from "./agent-list.tsx";

/** Every persona that one administers, with how it does. */
export const AgentsPage = () => (
  <Page title="Agents">
    <AgentList list={useInfiniteQuery(agentsQuery)} empty="Nobody has a persona yet" />
  </Page>
);
