// `npm start`: from a bare checkout to a model that answers; the second time it says that nothing changed.
import { clusterUp, provideImages } from "../cluster";
import {
  demonstrate,
  SAMPLE_ROWS,
  QuickstartStack,
  type ResourceChanges,
  type ScoringTarget,
} from "../quickstart";

const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  say("1/4  A cluster");
  const { kubeconfig } = await clusterUp(say);
  say("2/4  Images");
  await provideImages(say);
  say("3/4  pulumi up");
  const stack = await QuickstartStack.open(kubeconfig);
  const changes = await stack.up();
  say(describeChanges(changes));
  say("4/4  Sample requests");
  const target = await scoringTarget(stack);
  await demonstrate(target, kubeconfig, say);
  say(nextSteps(target));
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

Next: set green's trafficPercentile to 50 in examples/quickstart/index.ts, see what \`npm run pulumi -- preview\`
says, and run npm start again. npm stop takes everything away.`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
