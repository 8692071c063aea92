/** Diff: what lives of the fields that were written before, against what is wanted now. */
import { type DiffRequest, DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { isUnknown } from "../../property-value";
import { fromStruct } from "../../resource-plugin";
import type { PluginContext } from "../context";
import { isAutonamed } from "../core/annotations";
import { parseCheckpoint, toKubeObject } from "../core/checkpoint";
import { changedPath, diffObjects, type PropertyChange } from "../core/diff-objects";
import { immutableFieldsOf } from "../core/immutable-fields";
import {
  apiVersionOf,
  kindOf,
  type KubeObject,
  metadataOf,
  nameOf,
  namespaceOf,
  withMetadata,
} from "../core/kube-object";
import { isBuiltInKind, normalizeInputs } from "../core/normalize-inputs";
import { pruneToShape } from "../core/prune-to-shape";
import { UnknownKindError } from "../io/unknown-kind-error";

export async function diff(request: DiffRequest, context: PluginContext): Promise<DiffResponse> {
  const { inputs: oldInputs, live } = parseCheckpoint(fromStruct(request.getOlds()));
  const wanted = normalizeInputs(toKubeObject(fromStruct(request.getNews())));
  const namespaced = await isNamespaced(wanted, context);
  const before = withIdentity(
    pruneToShape(live, normalizeInputs(oldInputs)),
    wanted,
    live,
    namespaced,
  );
  const after = withNamespace(wanted, namespaced);
  const changes = diffObjects(before, after, {
    immutable: immutableFieldsOf(after, {
      configMaps: context.config.enableConfigMapMutable,
      secrets: context.config.enableSecretMutable,
    }),
    ignoreChanges: request.getIgnorechangesList(),
    emptyEqualsAbsent: isBuiltInKind(after),
  });
  return respond(changes, mustDeleteFirst(after, live));
}

/** Two objects of one name can't live side by side; a name that was made up can be made anew. */
function mustDeleteFirst(wanted: KubeObject, live: KubeObject): boolean {
  return (
    nameOf(wanted) === nameOf(live) &&
    !isAutonamed(wanted) &&
    namespaceOf(wanted) === namespaceOf(live)
  );
}

/** The live fields with the parts that identify the object, even those the inputs left out. */
function withIdentity(
  pruned: KubeObject,
  wanted: KubeObject,
  live: KubeObject,
  namespaced: boolean,
): KubeObject {
  const identified = {
    ...pruned,
    apiVersion: apiVersionOf(pruned) || apiVersionOf(wanted),
    kind: kindOf(pruned) || kindOf(wanted),
  };
  const name = metadataOf(wanted)["name"] === undefined ? undefined : nameOf(live);
  const named = name === undefined ? identified : withMetadata(identified, { name });
  return withNamespace(
    withMetadata(named, { namespace: namespaceOf(live) || undefined }),
    namespaced,
  );
}

/** "No namespace" and `default` are the same thing; outside of namespaces there is none. */
function withNamespace(object: KubeObject, namespaced: boolean): KubeObject {
  const namespace = metadataOf(object)["namespace"];
  if (isUnknown(namespace)) return object;
  return withMetadata(object, {
    namespace: namespaced ? namespaceOf(object) || "default" : undefined,
  });
}

async function isNamespaced(object: KubeObject, { cluster }: PluginContext): Promise<boolean> {
  // Without a cluster to ask, the state tells: only namespaced objects have a namespace in it.
  if (!cluster.reachable) return namespaceOf(object) !== "";
  return cluster.client.mapping(object).then(
    (mapping) => mapping.namespaced,
    (error: unknown) => {
      // A custom resource whose definition is yet to come; most are namespaced.
      if (error instanceof UnknownKindError) return true;
      throw error;
    },
  );
}

const inPlace = {
  add: PropertyDiff.Kind.ADD,
  update: PropertyDiff.Kind.UPDATE,
  delete: PropertyDiff.Kind.DELETE,
};
const byReplacement = {
  add: PropertyDiff.Kind.ADD_REPLACE,
  update: PropertyDiff.Kind.UPDATE_REPLACE,
  delete: PropertyDiff.Kind.DELETE_REPLACE,
};

function respond(changes: readonly PropertyChange[], deleteFirst: boolean): DiffResponse {
  const response = new DiffResponse();
  response.setHasdetaileddiff(true);
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  const details = response.getDetaileddiffMap();
  for (const change of changes) {
    const detail = new PropertyDiff();
    detail.setKind((change.replaces ? byReplacement : inPlace)[change.kind]);
    detail.setInputdiff(change.kind === "delete");
    details.set(changedPath(change), detail);
  }
  const replaces = changes.filter((change) => change.replaces).map(changedPath);
  response.setReplacesList(replaces);
  response.setDeletebeforereplace(replaces.length > 0 && deleteFirst);
  return response;
}
