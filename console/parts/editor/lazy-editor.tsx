import { type ComponentProps, lazy, Suspense } from "react";
import { Loading } from "../page.tsx";
import type { PlanEditor as Editor } from "./plan-editor.tsx";

const Loaded = lazy(async () => ({ default: (await import("./plan-editor.tsx")).PlanEditor }));

/** The editor of plans, which is large and comes when it is needed. */
export const PlanEditor = (props: ComponentProps<typeof Editor>) => (
  <Suspense fallback={<Loading what="the editor" rows={12} />}>
    <Loaded {...props} />
  </Suspense>
);
