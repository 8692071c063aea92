/** Read: the live object as state, and of it as inputs what the program wrote. */
import { type ReadRequest, ReadResponse } from "@pulumi/pulumi/proto/provider_pb";
import { type PropertyMap } from "../../property-value";
import { InitFailedError, fromStruct, toStruct } from "../../resource-plugin";
import { fieldManagerOf, type PluginContext, unreachableError } from "../context";
import { skipsAwait } from "../core/annotations";
import { buildCheckpoint, markSecrets, parseCheckpoint, toKubeObject } from "../core/checkpoint";
import {
  apiVersionOf,
  idOf,
  kindOf,
  type KubeObject,
  metadataOf,
  nameOf,
  namespaceOf,
  parseId,
  withMetadata,
} from "../core/kube-object";
import { normalizeInputs } from "../core/normalize-inputs";
import { pruneToShape } from "../core/prune-to-shape";
import { isJudgedOnRead } from "../core/readiness";
import { observe } from "../io/await-object";
import { isReason } from "../../../../kubernetes/io/kube-error";
import { UnknownKindError } from "../io/unknown-kind-error";
import { inputsOfImported } from "../core/imported-inputs";

export async function read(request: ReadRequest, context: PluginContext): Promise<ReadResponse> {
  const { cluster } = context;
  if (!cluster.reachable) return readUnreachable(request, cluster.reason, context);
  const oldInputsBag = fromStruct(request.getInputs());
  const old = parseCheckpoint(fromStruct(request.getProperties()));
  const known = normalizeInputs(toKubeObject(oldInputsBag));
  const isImport = apiVersionOf(known) === "" && apiVersionOf(old.live) === "";
  const object = identify(known, old.live, request);
  let found;
  try {
    found = await observe(cluster.client, object);
  } catch (error) {
    if (isGone(error)) return new ReadResponse();
    throw error;
  }
  const { live, reasons } = found;
  const inputs = isImport ? inputsOfImported(live) : pruneToShape(live, object);
  const state = stateOf(inputs, live, old, oldInputsBag);
  const markedInputs = markSecrets(inputs, oldInputsBag);
  const id = request.getId() || idOf(live);
  if (!isImport && isJudgedOnRead(live) && !skipsAwait(object) && reasons.length > 0) {
    throw new InitFailedError(reasons.join("; "), id, state, reasons, markedInputs);
  }
  const response = new ReadResponse();
  response.setId(id);
  response.setProperties(toStruct(state));
  response.setInputs(toStruct(markedInputs));
  return response;
}

function stateOf(
  inputs: KubeObject,
  live: KubeObject,
  old: ReturnType<typeof parseCheckpoint>,
  marked: PropertyMap,
): PropertyMap {
  const fieldManager = fieldManagerOf(inputs, old.fieldManager);
  const initialApiVersion = old.initialApiVersion || apiVersionOf(live);
  return buildCheckpoint({ inputs, live, initialApiVersion, fieldManager }, marked);
}

/** What to ask for: the inputs, filled up from the state and, for an import, from type and id. */
function identify(inputs: KubeObject, live: KubeObject, request: ReadRequest): KubeObject {
  const { name, namespace } = parseId(request.getId());
  const type = request.getType() || request.getUrn().split("::")[2]?.split("$").at(-1) || "";
  const ofType = parseType(type);
  const apiVersion = apiVersionOf(inputs) || apiVersionOf(live) || ofType.apiVersion;
  const kind = kindOf(inputs) || kindOf(live) || ofType.kind;
  return withMetadata(
    { ...inputs, apiVersion, kind },
    {
      ...metadataOf(inputs),
      name: name || nameOf(inputs),
      namespace: namespaceOf(inputs) || namespace || undefined,
    },
  );
}

/** `kubernetes:apps/v1:Deployment` → `apps/v1`, `Deployment`; the core group is spelt out in a type. */
function parseType(type: string): { apiVersion: string; kind: string } {
  const [, apiVersion = "", kind = ""] = type.split(":");
  return { apiVersion: apiVersion.replace(/^core\//, ""), kind };
}

function isGone(error: unknown): boolean {
  // A kind that is gone took its objects along.
  return error instanceof UnknownKindError || isReason(error, "NotFound");
}

function readUnreachable(
  request: ReadRequest,
  reason: string,
  context: PluginContext,
): ReadResponse {
  const { deleteUnreachable, skipUpdateUnreachable } = context.config;
  const response = new ReadResponse();
  if (!deleteUnreachable && !skipUpdateUnreachable) {
    throw unreachableError("failed to read resource state", reason);
  }
  context.log.warning(request.getUrn(), `configured Kubernetes cluster is unreachable: ${reason}`);
  // An empty id means that the resource is gone.
  if (deleteUnreachable) return response;
  response.setId(request.getId());
  response.setProperties(request.getProperties());
  response.setInputs(request.getInputs());
  return response;
}
