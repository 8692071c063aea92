// `npm start`: from a bare checkout to a model that answers; the second time it says that nothing changed. `-- --preview` only shows what it would change.
import { clusterStatus, clusterUp, provideImages } from "../cluster";
import { runCommand } from "../programs";
import {
  demonstrate,
  locateStack,
  SAMPLE_ROWS,
  QuickstartStack,
  type ResourceChanges,
  type ScoringTarget,
  withStartLock,
} from "../quickstart";

const say = (line: string) => console.log(line);

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((argument) => argument !== "--preview");
  if (unknown !== undefined) throw new Error(`The only argument is --preview: it is ${unknown}`);
  await (args.length > 0 ? preview() : start());
}

function start(): Promise<void> {
  return withStartLock(say, async (share) => {
    say("1/4  A cluster");
    const { kubeconfig } = await clusterUp(say);
    say("2/4  Images");
    await provideImages(say);
    say("3/4  pulumi up");
    const located = await locateStack(kubeconfig);
    const context = { kubeconfig, report: say, share };
    const stack = await QuickstartStack.create(located, context);
    say(describeChanges(await stack.up()));
    say("4/4  Sample requests");
    const target = await scoringTarget(stack);
    await demonstrate(target, kubeconfig, say);
    say(nextSteps(target));
  });
}

/** Changes nothing: neither starts a cluster nor makes a stack. */
async function preview(): Promise<void> {
  const { state, kubeconfig } = await clusterStatus();
  if (state === "ready") {
    const located = await locateStack(kubeconfig);
    if (located.state === "readable" && !located.isStale) {
      return (await QuickstartStack.open(located, { kubeconfig, report: say })).preview();
    }
  }
  say("There is no quickstart in a running cluster: npm start makes all of it.");
}

/** One sentence about what `pulumi up` did. */
function describeChanges(changes: ResourceChanges): string {
  const { same = 0, ...others } = changes;
  const changed = Object.entries(others).filter(([, count]) => count > 0);
  if (changed.length === 0) return `Nothing changed: ${same} resources are as declared.`;
  return `Changed: ${changed.map(([operation, count]) => `${count} × ${operation}`).join(", ")}.`;
}

async function scoringTarget(stack: QuickstartStack): Promise<ScoringTarget> {
  const { scoringUri, primaryKey } = await stack.outputs(true);
  if (typeof scoringUri !== "string" || typeof primaryKey !== "string") {
    throw new Error(`The stack's outputs must have scoringUri and primaryKey: they don't`);
  }
  return { scoringUri, key: primaryKey };
}

function nextSteps({ scoringUri }: ScoringTarget): string {
  const data = JSON.stringify({ data: SAMPLE_ROWS.slice(0, 1) });
  return `
Scoring URI   ${scoringUri}
Keys          npm run outputs --silent -- --show-secrets

Try it:

  curl ${scoringUri} \\
    --header "Authorization: Bearer $(npm run outputs --silent -- --show-secrets | grep -o '"primaryKey": "[^"]*' | cut -d'"' -f4)" \\
    --header "Content-Type: application/json" --data '${data}'

Next: set green's trafficPercentile to 50 in examples/quickstart/index.ts, see what \`npm start -- --preview\` says,
and run npm start again. npm stop takes everything away.`;
}

runCommand(() => main(process.argv.slice(2)));
