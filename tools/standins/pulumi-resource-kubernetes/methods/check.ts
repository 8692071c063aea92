/** Check: gives an object its name and namespace, and its inputs the form the server uses. */
import { CheckRequest, CheckResponse } from "@pulumi/pulumi/proto/provider_pb";
import { isUnknown } from "../../property-value";
import { fromStruct, toStruct, unimplemented, uniqueName } from "../../resource-plugin";
import type { PluginContext } from "../context";
import { autonamedAnnotation, isAutonamed } from "../core/annotations";
import { markSecrets, toKubeObject } from "../core/checkpoint";
import {
  apiVersionOf,
  kindOf,
  type KubeObject,
  metadataOf,
  nameOf,
  withAnnotation,
  withMetadata,
} from "../core/kube-object";
import { normalizeInputs } from "../core/normalize-inputs";
import { UnknownKindError } from "../io/unknown-kind-error";

export async function check(request: CheckRequest, context: PluginContext): Promise<CheckResponse> {
  const response = new CheckResponse();
  if (!context.cluster.reachable && context.config.skipUpdateUnreachable) {
    context.log.warning(
      request.getUrn(),
      "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...",
    );
    response.setInputs(request.getOlds());
    return response;
  }
  const news = fromStruct(request.getNews());
  const olds = toKubeObject(fromStruct(request.getOlds()));
  let inputs = normalizeInputs(toKubeObject(news));
  requireSupported(inputs, request.getType() || typeOfUrn(request.getUrn()), context);
  inputs = withName(inputs, olds, request);
  inputs = await withDefaultNamespace(inputs, context);
  response.setInputs(toStruct(markSecrets(inputs, news)));
  return response;
}

/** Refuses, with a sentence, what only the vendor's plugin can do. */
function requireSupported(inputs: KubeObject, type: string, { config }: PluginContext): void {
  const what = `the stand-in for the kubernetes plugin does not serve ${type}`;
  if (apiVersionOf(inputs) === "" || kindOf(inputs) === "") {
    throw unimplemented(
      `${what}: it serves plain Kubernetes objects, which have an apiVersion and a kind`,
    );
  }
  if (kindOf(inputs).endsWith("List") || type.endsWith("Patch")) {
    throw unimplemented(`${what}: declare the objects themselves`);
  }
  if (!config.enableServerSideApply) {
    throw unimplemented(`${what} with enableServerSideApply false: leave that option out`);
  }
  if ("generateName" in metadataOf(inputs) && nameOf(inputs) === "") {
    throw new Error(
      "the `.metadata.generateName` field is not supported in Server-Side Apply mode",
    );
  }
}

/** Keeps the name that was made up before, or makes one up for an object without one. */
function withName(inputs: KubeObject, olds: KubeObject, request: CheckRequest): KubeObject {
  const name = metadataOf(inputs)["name"];
  if (isUnknown(name) || nameOf(inputs) !== "") return inputs;
  const autonaming = request.getAutonaming();
  const kept = isAutonamed(olds) ? nameOf(olds) : "";
  const hasOld = Object.keys(olds).length > 0;
  if (hasOld && kept === "") return inputs;
  if (kept === "" && autonaming?.getMode() === CheckRequest.AutonamingOptions.Mode.DISABLE) {
    throw new Error("autonaming is disabled, resource requires the .metadata.name field to be set");
  }
  const resourceName = request.getName() || (request.getUrn().split("::").at(-1) ?? "");
  const made =
    kept ||
    autonaming?.getProposedName() ||
    uniqueName(`${resourceName}-`, request.getRandomseed_asU8());
  return withAnnotation(withMetadata(inputs, { name: made }), autonamedAnnotation, "true");
}

async function withDefaultNamespace(
  inputs: KubeObject,
  { cluster }: PluginContext,
): Promise<KubeObject> {
  if (!cluster.reachable || metadataOf(inputs)["namespace"] !== undefined) return inputs;
  const namespaced = await cluster.client.mapping(inputs).then(
    (mapping) => mapping.namespaced,
    (error: unknown) => {
      // A custom resource whose definition is yet to come; most are namespaced.
      if (error instanceof UnknownKindError) return true;
      throw error;
    },
  );
  return namespaced ? withMetadata(inputs, { namespace: cluster.defaultNamespace }) : inputs;
}

function typeOfUrn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
