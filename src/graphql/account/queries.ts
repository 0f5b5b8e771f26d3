import { getProfile, getSession } from "#src/identity/index.ts";
import { checkQuota, getSubscription, getUsage } from "#src/subscriptions/index.ts";
import { builder } from "../builder.ts";
import { ask } from "../context.ts";
import { costs } from "../field-cost.ts";
import { viewType } from "../view-type.ts";

const User = viewType("User", getSession.output, { node: "id" });
const Profile = viewType("Profile", getProfile.output.omit({ profile: true }));
const Subscription = viewType("Subscription", getSubscription.output);
const Usage = viewType("Usage", getUsage.output);
const Quota = viewType("Quota", checkQuota.output, { names: { resource: "QuotaResource" } });
const resources = checkQuota.input.shape.query.shape.resource.options;

/** Who one is, and what one has. */
export function addAccount(): void {
  builder.queryField("me", (t) =>
    t.field({
      type: User,
      description: "Who one is, as the access token says",
      resolve: (_root, _args, context) => ask(context, getSession, {}),
    }),
  );
  builder.objectFields(User, (t) => ({
    profile: t.field({
      type: Profile,
      resolve: (_user, _args, context) => ask(context, getProfile, {}),
    }),
    subscription: t.field({
      type: Subscription,
      resolve: (_user, _args, context) => ask(context, getSubscription, {}),
    }),
    usage: t.field({
      type: Usage,
      description: "What counts against one's quotas",
      resolve: (_user, _args, context) => ask(context, getUsage, {}),
    }),
    quotas: t.field({
      type: [Quota],
      description: "How much of each resource is left",
      extensions: costs(resources.length, resources.length),
      resolve: (_user, _args, context) =>
        Promise.all(resources.map((resource) => ask(context, checkQuota, { query: { resource } }))),
    }),
  }));
}
