import { refusalOf } from "#client/errors.ts";
import type { UserFilter } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { download } from "../../parts/download.ts";
import { signedFetch } from "../../session/client.ts";

/** Accounts as a file, by the role that the list is narrowed to. */
export function ExportUsers({ filter: { role } }: { filter: UserFilter }) {
  const [exportUsers, isBusy] = useAction(async () => {
    const request = new Request(new URL("/api/v1/admin/users/export", location.origin), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ format: "csv", ...(role && { filters: { role } }) }),
    });
    const response = await signedFetch(request);
    if (!response.ok) throw await refusalOf(response);
    download("users_export.csv", await response.text(), "text/csv");
  });
  return (
    <button type="button" disabled={isBusy} onClick={() => void exportUsers()}>
      {isBusy ? "Exporting…" : `Export ${role ? `each ${role}` : "all"}`}
    </button>
  );
}
