import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { PersonaError } from "#client/errors.ts";
import { applyTheme } from "./parts/theme.ts";
import { routerFor } from "./routes.tsx";

applyTheme();

/** What is refused stays refused; what nobody has answered, or was broken, is asked for once more. */
const isWorthAnother = (failures: number, error: Error): boolean =>
  failures < 1 && !(error instanceof PersonaError && error.status < 500);

const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 10_000, retry: isWorthAnother } },
});

// A part of an older build that is not there any more: the page of today is, once.
addEventListener("vite:preloadError", () => {
  if (sessionStorage.getItem("reloaded") === "yes") return;
  sessionStorage.setItem("reloaded", "yes");
  location.reload();
});

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={routerFor(queries)} />
      </QueryClientProvider>
    </StrictMode>,
  );
