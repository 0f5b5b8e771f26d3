import { quick, whole } from "./extent.ts";
import { benchLists } from "./lists.ts";
import { benchOrchestrator } from "./orchestrator.ts";
import { startPlatform } from "./platform.ts";
import { table } from "./report.ts";
import { benchRequests } from "./requests.ts";
import { benchRuns } from "./runs.ts";
import { startSession } from "./session.ts";

const extent = process.argv.includes("--quick") ? quick : whole;
const platform = await startPlatform();
try {
  const session = await startSession(platform);
  const findings = [
    ...(await benchRequests(platform, session, extent)),
    ...(await benchOrchestrator(session, extent)),
    ...(await benchRuns(session, extent)),
    ...(await benchLists(platform, session, extent)),
  ];
  console.log(`\n${table(findings)}\n`);
} finally {
  await platform.stop();
}
