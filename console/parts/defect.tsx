import type { ErrorComponentProps } from "@tanstack/react-router";
import { Page, Problem } from "./page.tsx";

/** A page that broke: it says so, and the menu still works. */
export const PageDefect = ({ error, reset }: ErrorComponentProps) => (
  <Page title="This page is broken">
    <Problem error={error} retry={reset} />
  </Page>
);
