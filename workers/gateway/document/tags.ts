/** Groups of operations, in the order in which the reference page shows them. */
export const tags = [
  { name: "Authentication", description: "Accounts, sign-in, tokens and forgotten passwords." },
  { name: "User", description: "One's own profile, avatar, password and sessions." },
  { name: "Personas", description: "Persona instances, their executions, runs and pictures." },
  { name: "Personas: memory", description: "What persona instances remember." },
  {
    name: "Conversations",
    description: "Talking with personas: messages, branches, answers as they are written.",
  },
  { name: "Projects", description: "Projects that persona instances are filed under." },
  { name: "Subscription", description: "One's own subscription, usage and quotas; the tiers." },
  { name: "Templates", description: "Templates that persona instances are made from." },
  { name: "Realtime", description: "Events as they happen, over a WebSocket." },
  { name: "Webhooks", description: "URLs that a tenant's events are posted to, and what came of it." },
  { name: "Administration: users", description: "Accounts, their permissions, sessions and audit log." },
  { name: "Administration: conversations", description: "Answering in the persona's place." },
  { name: "Administration: subscriptions", description: "What accounts subscribe to." },
  { name: "Administration: clients", description: "Tenants, their settings and usage." },
  { name: "Administration: agents", description: "Agent types, and persona instances with their health." },
  { name: "Administration: workflows", description: "Workflow definitions, and runs of all users." },
  {
    name: "Administration: system",
    description: "Dashboard, health, metrics, logs, configuration, usage, topics, queues and dead letters.",
  },
  { name: "System", description: "Whether the platform works." },
];
