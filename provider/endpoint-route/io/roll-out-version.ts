// Rolls out one version: waits for the declared template, and goes back to the former one when it can't become ready.
import { type EndpointVersion } from "../../../contracts/model-endpoint/model-endpoint";
import { type Deployment } from "../../../kubernetes/core/workload";
import { type KubeClient } from "../../../kubernetes/io/kube-client";
import { replaceTemplate } from "../../../kubernetes/io/replace-template";
import { readReplicaSets, waitForRollOut } from "../../../kubernetes/io/wait-for-roll-out";
import { type Report } from "../../../runtime/progress";
import { messageOf } from "../../../values/message-of";
import { neededReplicas } from "../core/endpoint-object";
import { type VersionOutcome } from "../core/roll-out-report";
import { declaredTemplate, formerTemplate, isDeclared } from "../core/version-templates";

export interface VersionRollOut {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly version: EndpointVersion;
  /** Digest of the declared template. */
  readonly declared: string | undefined;
  /** Digest of the template that the last successful roll-out verified. */
  readonly verified: string | undefined;
  /** Milliseconds without progress. */
  readonly timeoutMs: number;
  readonly report: Report;
}

/** @throws KubeError when a request to the API server fails */
export async function rollOutVersion(rollOut: VersionRollOut): Promise<VersionOutcome> {
  const version = rollOut.version.name;
  const unknown = await bringBackDeclared(rollOut);
  if (unknown !== undefined) return { version, ok: false, reason: unknown };
  const outcome = await wait(rollOut);
  if (outcome.ok) return { version, ok: true };
  if (outcome.missing) {
    const reason = `${outcome.message}: \`pulumi up --refresh\` creates it again`;
    return { version, ok: false, reason };
  }
  const former = await goBack(rollOut);
  return {
    version,
    ok: false,
    reason: outcome.message,
    ...(former === undefined ? {} : { former }),
  };
}

/**
 * After a failed roll-out the former template is live. The engine, whose state has the declared one, doesn't apply that
 * again: its ReplicaSet has it. Returns why it can't be brought back.
 */
async function bringBackDeclared(rollOut: VersionRollOut): Promise<string | undefined> {
  const { client, declared } = rollOut;
  const deployment = await readDeployment(rollOut);
  if (deployment === undefined || isDeclared(deployment, declared)) return undefined;
  const template = declaredTemplate(await readReplicaSets(client, deployment), declared ?? "");
  const { name, namespace } = deployment.metadata;
  if (template === undefined) {
    return `Deployment/${name} has another pod template than the declared one: \`pulumi up --refresh\` applies that`;
  }
  await replaceTemplate(client, { namespace, name }, template);
  return undefined;
}

/** Undefined when there is no former template. */
async function goBack(
  rollOut: VersionRollOut,
): Promise<Extract<VersionOutcome, { ok: false }>["former"]> {
  const { client, verified } = rollOut;
  const deployment = await readDeployment(rollOut);
  if (deployment === undefined) return undefined;
  const replicaSets = await readReplicaSets(client, deployment);
  const template = formerTemplate(deployment, replicaSets, verified);
  if (template === undefined) return undefined;
  try {
    await replaceTemplate(client, deployment.metadata, template);
  } catch (error) {
    return { restored: false, problem: messageOf(error) };
  }
  const outcome = await wait(rollOut);
  return outcome.ok ? { restored: true } : { restored: true, problem: outcome.message };
}

function wait({ client, namespace, version, timeoutMs, report }: VersionRollOut) {
  return waitForRollOut({
    client,
    namespace,
    name: version.deploymentName,
    needed: (deployment) => neededReplicas(version, deployment),
    timeoutMs,
    report,
  });
}

async function readDeployment({
  client,
  namespace,
  version,
}: VersionRollOut): Promise<Deployment | undefined> {
  const locator = { apiVersion: "apps/v1", kind: "Deployment", namespace };
  return client.read<Deployment>(locator, version.deploymentName);
}
