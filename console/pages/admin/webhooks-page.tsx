import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { dataOf } from "#client/index.ts";
import { webhooksQuery } from "../../data/admin.ts";
import { useAction } from "../../parts/action.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Icon } from "../../parts/icons.tsx";
import { Listing } from "../../parts/listing.tsx";
import { Page } from "../../parts/page.tsx";
import { Ago } from "../../parts/time.tsx";
import { api } from "../../session/client.ts";
import "../../styles/fields.css";

/** Events that webhooks carry. */
const webhookEvents = [
  "execution.completed",
  "execution.failed",
  "execution.paused",
  "user.created",
  "user.updated",
  "user.deleted",
  "subscription.created",
  "subscription.updated",
  "subscription.cancelled",
  "security.suspicious_activity",
] as const;
type WebhookEvent = (typeof webhookEvents)[number];

/** Addresses that are told of events. */
export function WebhooksPage() {
  const list = useInfiniteQuery(webhooksQuery);
  const [isNew, setNew] = useState(false);
  return (
    <Page
      title="Webhooks"
      actions={
        <button type="button" onClick={() => setNew(true)}>
          <Icon name="plus" /> New webhook
        </button>
      }
    >
      <Listing
        what="webhooks"
        list={list}
        rows={list.data?.pages.flatMap(({ webhooks }) => webhooks)}
        keyOf={({ id }) => id}
        columns={[
          {
            name: "Address",
            text: "cut",
            cell: ({ id, url }) => (
              <Link to="/admin/webhooks/$webhook" params={{ webhook: id }} className="row-link" data-row>
                {url}
              </Link>
            ),
          },
          { name: "Events", text: "cut", cell: ({ events }) => <code>{events.join(", ")}</code> },
          {
            name: "State",
            cell: (hook) => (
              <span className={`level ${hook.is_active ? "" : "error"}`}>
                {hook.is_active ? "active" : (hook.disabled_reason ?? "switched off")}
              </span>
            ),
          },
          { name: "Tenant", cell: (hook) => hook.client_id },
          { name: "Made", isNumber: true, cell: (hook) => <Ago at={hook.created_at} /> },
        ]}
        empty={{
          title: "Nobody is told of anything",
          children: <p>A webhook tells an address of yours of events, signed, until it has heard.</p>,
        }}
      />
      {isNew && <NewWebhook onClose={() => setNew(false)} />}
    </Page>
  );
}

function NewWebhook({ onClose }: { onClose: () => void }) {
  const [secret, setSecret] = useState<string>();
  const [make, isBusy] = useAction(
    async (url: string, events: WebhookEvent[]) => {
      const made = dataOf(await api.POST("/api/v1/webhooks", { body: { url, events } }));
      setSecret(made.secret);
    },
    { stale: [["webhooks"]] },
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = form.getAll("events");
    void make(
      String(form.get("url")),
      webhookEvents.filter((name) => chosen.includes(name)),
    );
  };
  if (secret)
    return (
      <Dialog title="Its secret" onClose={onClose}>
        <p>It signs every delivery, and is shown this once.</p>
        <p className="id">
          <code>{secret}</code>
          <CopyButton text={secret} what="secret" />
        </p>
        <div className="actions">
          <button type="button" className="primary" onClick={onClose}>
            I have kept it
          </button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title="New webhook" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label className="field">
          Address
          <input name="url" type="url" required placeholder="https://" />
        </label>
        <fieldset>
          <legend>Events</legend>
          {webhookEvents.map((name) => (
            <label key={name} className="field check">
              <input
                type="checkbox"
                name="events"
                value={name}
                defaultChecked={name.startsWith("execution.")}
              />
              <code>{name}</code>
            </label>
          ))}
        </fieldset>
        <div className="actions">
          <button type="submit" className="primary" disabled={isBusy}>
            Make it
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
