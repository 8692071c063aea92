/** Delete: in the foreground unless annotated, and until the object is gone. */
import { type DeleteRequest } from "@pulumi/pulumi/proto/provider_pb";
import { InitFailedError, fromStruct } from "../../resource-plugin";
import { type PluginContext, unreachableError } from "../context";
import { propagationPolicyOf, skipsAwaitOnDelete, timeoutMsOf } from "../core/annotations";
import { buildCheckpoint, parseCheckpoint } from "../core/checkpoint";
import { idOf } from "../core/kube-object";
import { awaitGone } from "../io/await-object";
import { isReason } from "../../../../kubernetes/io/kube-error";
import { UnknownKindError } from "../io/unknown-kind-error";

export async function remove(request: DeleteRequest, context: PluginContext): Promise<void> {
  const { cluster, config, log } = context;
  const urn = request.getUrn();
  if (!cluster.reachable) {
    if (!config.deleteUnreachable) {
      throw unreachableError("failed to delete the resource", cluster.reason);
    }
    log.warning(urn, `configured Kubernetes cluster is unreachable: ${cluster.reason}`);
    return;
  }
  const state = fromStruct(request.getProperties());
  const checkpoint = parseCheckpoint(state);
  const { inputs, live } = checkpoint;
  try {
    await cluster.client.delete(live, propagationPolicyOf(inputs));
    if (skipsAwaitOnDelete(inputs)) return;
    const left = await awaitGone(cluster.client, live, {
      timeoutMs: timeoutMsOf(inputs, request.getTimeout()),
      signal: context.signal,
    });
    if (!left) return;
    const remaining = buildCheckpoint({ ...checkpoint, live: left.live }, state);
    throw new InitFailedError(left.reasons.join("; "), idOf(live), remaining, left.reasons);
  } catch (error) {
    // Gone already, or gone with its whole kind: what was wanted.
    if (error instanceof UnknownKindError) return;
    if (isReason(error, "NotFound")) return;
    throw error;
  }
}
