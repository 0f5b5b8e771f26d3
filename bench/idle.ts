import type { Extent } from "./extent.ts";
import { withLocalPlatform } from "./local-platform.ts";
import { cpuMs, residentMb, treeOf } from "./processes.ts";
import { type Finding, within } from "./report.ts";

/** What `npm start` may take with nothing to do: resident memory of all its processes, and of a core. */
const [memoryGoalMb, cpuGoalPercent] = [800, 1];

/** What the local platform takes from the machine while nobody uses it. */
export const benchIdle = ({ idleSeconds }: Extent): Promise<Finding[]> =>
  withLocalPlatform(async ({ pid }) => {
    const pause = () => new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
    await pause();
    const tree = treeOf(pid);
    const before = cpuMs(...tree);
    await pause();
    const percent = (cpuMs(...tree) - before) / (idleSeconds * 10);
    const what = `npm start with nothing to do, ${tree.length} processes`;
    return [
      within(memoryGoalMb, `${what}: memory`, residentMb(...tree), (value) => `${value.toFixed(0)} MB`),
      within(cpuGoalPercent, `${what}: of a core`, percent, (value) => `${value.toFixed(2)} %`),
    ];
  });
