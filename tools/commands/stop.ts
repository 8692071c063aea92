// `npm stop`: takes away what `npm start` made, from any state that a start left. A given cluster stays, without the quickstart.
import { clusterDown, clusterStatus } from "../cluster";
import { describeError, runCommand } from "../programs";
import {
  forgetQuickstart,
  type LocatedStack,
  locateStack,
  planStop,
  quickstartBackend,
  QuickstartStack,
  removePredictionPods,
  type StopSituation,
  withStopLock,
} from "../quickstart";
import {
  endLockHolders,
  endOrphans,
  isPulumiInstalled,
  pulumiHomeFolder,
  restoreStackFile,
} from "../setup";

/** What a destroy may take before our own cluster goes without it. */
const DESTROY_TIMEOUT_MS = 300_000;

const say = (line: string) => console.log(line);

function main(): Promise<void> {
  return withStopLock(say, async (share) => {
    const { kind, state, kubeconfig } = await clusterStatus();
    const found = await locateStack(kubeconfig);
    const isRepaired =
      found.state === "broken" && restoreStackFile(quickstartBackend(), found.name);
    const located = isRepaired ? await locateStack(kubeconfig) : found;
    const situation: StopSituation = {
      isGiven: kind === "given",
      cluster: state,
      stack: describeStack(located),
      isCliInstalled: await isPulumiInstalled(),
    };
    const plan = planStop(situation);
    if (plan.refuse) throw new Error(brokenStack(located, kubeconfig));
    if (situation.stack !== "none") {
      await endLockHolders(`file://${quickstartBackend()}`, located.name, say);
    }
    await endOrphans(pulumiHomeFolder());
    const open = () => QuickstartStack.open(located, { kubeconfig, report: say, share });
    if (plan.destroy === "try") await tryToDestroy(open);
    if (plan.destroy === "must") {
      await (await open()).destroy();
      await removePredictionPods(kubeconfig);
    }
    await clusterDown(say);
    if (plan.forget) forgetQuickstart(located);
    if (plan.isNothing) say(`There is no quickstart: nothing to stop.`);
  });
}

function describeStack({ state, isStale }: LocatedStack): StopSituation["stack"] {
  if (state === "absent") return "none";
  if (isStale) return "stale";
  return state === "broken" ? "broken" : "current";
}

/** What is left goes with its cluster. */
async function tryToDestroy(open: () => Promise<QuickstartStack>): Promise<void> {
  try {
    await (await open()).destroy(DESTROY_TIMEOUT_MS);
  } catch (error) {
    say(`${describeError(error)}: that goes with the cluster.`);
  }
}

function brokenStack({ name }: LocatedStack, kubeconfig: string): string {
  return (
    `The stack ${name.stack} can't be read, so what it declared stays in the cluster of ${kubeconfig}: ` +
    "npm start takes it over again, and npm stop can remove it then."
  );
}

runCommand(main);
