import { Link } from "@tanstack/react-router";
import { Empty, Page } from "../parts/page.tsx";

/** The same for what is not there and for what somebody may not see. */
export const NotFound = () => (
  <Page title="Not found">
    <Empty title="There is nothing here that you can see">
      <p>The address may be mistyped, or what was here is gone.</p>
      <Link to="/runs" className="button">
        All runs
      </Link>
    </Empty>
  </Page>
);
