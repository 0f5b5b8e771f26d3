import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { instanceQuery } from "../../data/personas.ts";
import { Id } from "../../parts/copy.tsx";
import { Loading, Page, Problem } from "../../parts/page.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import { Ago } from "../../parts/time.tsx";
import { PersonaRuns } from "./persona-runs.tsx";
import { Playground } from "./playground.tsx";
import "../../styles/pages.css";

const ChatTab = lazy(async () => ({ default: (await import("./chat.tsx")).ChatTab }));
const ImagesTab = lazy(async () => ({ default: (await import("./images.tsx")).ImagesTab }));
const LogTab = lazy(async () => ({ default: (await import("./log.tsx")).LogTab }));
const MemoryTab = lazy(async () => ({ default: (await import("./memory.tsx")).MemoryTab }));
const SettingsTab = lazy(async () => ({ default: (await import("./settings.tsx")).SettingsTab }));

const route = getRouteApi("/in/personas/$persona");

const tabs = [
  { id: "playground", name: "Playground" },
  { id: "runs", name: "Runs" },
  { id: "memory", name: "Memory" },
  { id: "images", name: "Images" },
  { id: "chat", name: "Chat" },
  { id: "settings", name: "Settings" },
  { id: "log", name: "Log" },
] as const;

/** One persona: tried, watched, configured. */
export function PersonaPage() {
  const { persona: id } = route.useParams();
  const { tab = "playground", again } = route.useSearch();
  const navigate = useNavigate({ from: "/personas/$persona" });
  const { data: instance, error, refetch } = useQuery(instanceQuery(id));
  if (error && !instance)
    return (
      <Page title="Persona">
        <Problem error={error} retry={() => void refetch()} />
      </Page>
    );
  return (
    <Page
      title={instance?.name ?? "Persona"}
      about={
        instance && (
          <p className="meta">
            <Id id={instance.id} what="persona's id" /> · made <Ago at={instance.created_at} />
          </p>
        )
      }
    >
      {instance ? (
        <Tabs
          label="Parts of the persona"
          tabs={tabs}
          chosen={tab}
          onChoose={(next) =>
            void navigate({ search: { tab: next === "playground" ? undefined : next }, replace: true })
          }
        >
          {tab === "playground" && <Playground key={again} instance={instance} again={again} />}
          {tab === "runs" && <PersonaRuns id={id} />}
          <Suspense fallback={<Loading what={tab} />}>
            {tab === "memory" && <MemoryTab persona={id} />}
            {tab === "images" && <ImagesTab persona={id} />}
            {tab === "chat" && <ChatTab persona={id} />}
            {tab === "settings" && <SettingsTab key={instance.updated_at} instance={instance} />}
            {tab === "log" && <LogTab persona={id} />}
          </Suspense>
        </Tabs>
      ) : (
        <Loading what="the persona" />
      )}
    </Page>
  );
}
