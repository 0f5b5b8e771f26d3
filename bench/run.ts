import { benchAnalytics } from "./analytics.ts";
import { benchChatLists } from "./chat-lists.ts";
import { benchChatTexts } from "./chat-texts.ts";
import { benchChats } from "./chats.ts";
import { benchConsole } from "./console.ts";
import { quick, whole } from "./extent.ts";
import { benchFanOut } from "./fan-out.ts";
import { benchIdle } from "./idle.ts";
import { benchLimits } from "./limits.ts";
import { benchLists } from "./lists.ts";
import { benchLogs } from "./logs.ts";
import { benchOrchestrator } from "./orchestrator.ts";
import { benchPersonalisation } from "./personalisation.ts";
import { startPlatform } from "./platform.ts";
import { recommendReport } from "./recommend.ts";
import { benchRecommendations } from "./recommendations.ts";
import { type Finding, table } from "./report.ts";
import { benchRequests } from "./requests.ts";
import { benchRuns } from "./runs.ts";
import { startSession } from "./session.ts";
import { benchSockets } from "./sockets.ts";
import { benchStreams } from "./streams.ts";
import { benchWebhooks } from "./webhooks.ts";

/** `npm run bench [-- --quick] [-- part …]`: the table of what is measured; only of some parts, if they are named. */
const extent = process.argv.includes("--quick") ? quick : whole;
const chosen = process.argv.slice(2).filter((word) => !word.startsWith("--"));

if (process.argv.includes("--recommend")) {
  // No part of the platform is in it: how good lists are is decided by what they are made with.
  console.log(recommendReport(chosen[0] ?? "."));
  process.exit();
}

const platform = await startPlatform({ gateways: { unlimited: { RATE_LIMITS: "off" } } });
const findings: Finding[] = [];
try {
  const session = await startSession(platform);
  const parts = {
    requests: async () => [
      ...(await benchRequests(platform, session, extent)),
      ...(await benchLimits(platform, session, extent)),
    ],
    orchestrator: () => benchOrchestrator(platform, session, extent),
    runs: () => benchRuns(session, extent),
    lists: () => benchLists(platform, session, extent),
    hub: () => benchFanOut(platform, extent),
    sockets: () => benchSockets(platform, extent),
    streams: () => benchStreams(platform, extent),
    webhooks: () => benchWebhooks(platform, session, extent),
    logs: () => benchLogs(platform, extent),
    recommendations: () => benchRecommendations(platform, extent),
    personalisation: () => benchPersonalisation(platform, extent),
    analytics: () => benchAnalytics(platform, session, extent),
    chat: () => benchChats(extent),
    "chat-lists": () => benchChatLists(platform, session, extent),
    "chat-texts": () => benchChatTexts(extent),
    idle: () => benchIdle(extent),
    console: () => benchConsole(extent),
  };
  for (const [name, measure] of Object.entries(parts)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const found = await measure();
    // At once: what has been measured is not lost when a later part fails.
    console.log(`\n${name}\n${table(found)}`);
    findings.push(...found);
  }
  console.log(`\n${table(findings)}\n`);
} finally {
  await platform.stop();
}
