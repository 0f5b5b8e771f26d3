// Three durable steps with DBOS, which keeps its state in PostgreSQL.
import { DBOS } from "@dbos-inc/dbos-sdk";
import { serve } from "./peer.mjs";

const threeSteps = DBOS.registerWorkflow(
  async () => {
    for (const part of [1, 2, 3]) await DBOS.runStep(async () => "done", { name: `step ${part}` });
  },
  { name: "threeSteps" },
);

DBOS.setConfig({ name: "bench", systemDatabaseUrl: process.env.DATABASE_URL, logLevel: "error" });
await DBOS.launch();
serve(async () => (await DBOS.startWorkflow(threeSteps)()).getResult());
