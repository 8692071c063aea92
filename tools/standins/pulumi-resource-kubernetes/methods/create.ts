/** Create: a plain create, or an apply that adopts what exists when the provider says so. */
import { type CreateRequest, CreateResponse } from "@pulumi/pulumi/proto/provider_pb";
import { containsUnknown } from "../../property-value";
import { InitFailedError, fromStruct, toStruct } from "../../resource-plugin";
import { fieldManagerOf, type PluginContext, requireClient } from "../context";
import { forcesPatch, skipsAwait, timeoutMsOf } from "../core/annotations";
import { buildCheckpoint, toKubeObject } from "../core/checkpoint";
import { creatingManager } from "../core/field-ownership";
import { apiVersionOf, idOf, type KubeObject, without } from "../core/kube-object";
import { awaitReady } from "../io/await-object";
import { KubeError, isReason } from "../../../../kubernetes/io/kube-error";
import type { DynamicClient } from "../io/dynamic-client";
import { UnknownKindError } from "../io/unknown-kind-error";
import { describeFailure } from "./describe-failure";
import { retryWhileMissing } from "./retry-while-missing";

export async function create(
  request: CreateRequest,
  context: PluginContext,
): Promise<CreateResponse> {
  const properties = fromStruct(request.getProperties());
  const inputs = toKubeObject(properties);
  if (request.getPreview()) return preview(request, inputs, context);
  const client = requireClient(context);
  const urn = request.getUrn();
  const fieldManager = fieldManagerOf(inputs, undefined);
  const created = await retryWhileMissing(
    () => write(client, inputs, fieldManager, context, false),
    context.signal,
    (why) => context.log.progress(urn, `Retrying; creation failed: ${why}`),
  ).catch((error: unknown) => {
    throw describe(error, urn, fieldManager);
  });
  const { live, reasons } = skipsAwait(inputs)
    ? { live: created, reasons: [] }
    : await awaitReady(client, created, {
        timeoutMs: timeoutMsOf(inputs, request.getTimeout()),
        signal: context.signal,
        onProgress: (message) => context.log.progress(urn, message),
      });
  const state = buildCheckpoint(
    { inputs, live, initialApiVersion: apiVersionOf(inputs), fieldManager },
    properties,
  );
  if (reasons.length > 0) {
    throw new InitFailedError(
      `resource "${urn}" was successfully created, but the Kubernetes API server reported that it ` +
        `failed to fully initialize or become live: ${reasons.join("; ")}`,
      idOf(live),
      state,
      reasons,
    );
  }
  const response = new CreateResponse();
  response.setId(idOf(live));
  response.setProperties(toStruct(state));
  return response;
}

/** The state that the server would give the object; the inputs alone where it can't be asked. */
async function preview(
  request: CreateRequest,
  inputs: KubeObject,
  context: PluginContext,
): Promise<CreateResponse> {
  const response = new CreateResponse();
  response.setProperties(request.getProperties());
  if (containsUnknown(inputs) || !context.cluster.reachable) return response;
  const fieldManager = fieldManagerOf(inputs, undefined);
  try {
    const answered = await write(context.cluster.client, inputs, fieldManager, context, true);
    // An empty status would make a program that reads it fail in the preview.
    const live = without(answered, "status");
    const initialApiVersion = apiVersionOf(inputs);
    const checkpoint = { inputs, live, initialApiVersion, fieldManager };
    response.setProperties(
      toStruct(buildCheckpoint(checkpoint, fromStruct(request.getProperties()))),
    );
    return response;
  } catch (error) {
    if (isExpectedInPreview(error)) return response;
    throw describe(error, request.getUrn(), fieldManager);
  }
}

/**
 * What a dry run can't foresee: a namespace or a definition that this very update creates, an object
 * that it replaces, a right that it grants.
 */
function isExpectedInPreview(error: unknown): boolean {
  if (error instanceof UnknownKindError) return true;
  if (!(error instanceof KubeError)) return false;
  const isImmutable = error.reason === "Invalid" && error.detail.includes("field is immutable");
  return isImmutable || isReason(error, "Forbidden", "NotFound", "AlreadyExists");
}

function write(
  client: DynamicClient,
  inputs: KubeObject,
  fieldManager: string,
  { config }: PluginContext,
  dryRun: boolean,
): Promise<KubeObject> {
  if (!config.upsertExistingObjects) {
    return client.create(inputs, { fieldManager: creatingManager, dryRun });
  }
  // A dry run of a replacement meets the fields of the object that is to go.
  const force = forcesPatch(inputs) || config.enablePatchForce || dryRun;
  return client.apply(inputs, { fieldManager, force, dryRun });
}

function describe(error: unknown, urn: string, fieldManager: string): unknown {
  const sentence = (explanation: string, failure: KubeError) =>
    `resource "${urn}" was not successfully created by the Kubernetes API server: ${explanation}` +
    (isReason(failure, "AlreadyExists")
      ? ". The resource already exists in the cluster; set upsertExistingObjects on the provider to adopt it"
      : "");
  return describeFailure(error, { operation: "creation", urn, fieldManager, sentence });
}
