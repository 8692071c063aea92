/** Update: server-side apply of the wanted fields, after taking over those of a plain create. */
import { type UpdateRequest, UpdateResponse } from "@pulumi/pulumi/proto/provider_pb";
import { containsUnknown } from "../../property-value";
import { InitFailedError, fromStruct, toStruct } from "../../resource-plugin";
import { fieldManagerOf, type PluginContext, requireClient } from "../context";
import { forcesPatch, skipsAwait, timeoutMsOf } from "../core/annotations";
import { buildCheckpoint, parseCheckpoint, toKubeObject } from "../core/checkpoint";
import { isCreatedPlainly, managedFieldsOf, takeOverFields } from "../core/field-ownership";
import { leaveIgnoredFields } from "../core/ignore-changes";
import { apiVersionOf, idOf, type KubeObject, metadataOf } from "../core/kube-object";
import { normalizeInputs } from "../core/normalize-inputs";
import { awaitReady } from "../io/await-object";
import { isReason } from "../../../../kubernetes/io/kube-error";
import type { DynamicClient } from "../io/dynamic-client";
import { UnknownKindError } from "../io/unknown-kind-error";
import { describeFailure } from "./describe-failure";

export async function update(
  request: UpdateRequest,
  context: PluginContext,
): Promise<UpdateResponse> {
  const news = fromStruct(request.getNews());
  const inputs = normalizeInputs(toKubeObject(news));
  const response = new UpdateResponse();
  response.setProperties(request.getNews());
  const dryRun = request.getPreview();
  if (dryRun && (containsUnknown(inputs) || !context.cluster.reachable)) return response;
  const client = requireClient(context);
  const old = parseCheckpoint(fromStruct(request.getOlds()));
  const fieldManager = fieldManagerOf(inputs, old.fieldManager);
  const urn = request.getUrn();
  let applied: KubeObject;
  try {
    const wanted = { client, inputs, live: await client.get(inputs), fieldManager, dryRun };
    applied = await apply(wanted, request.getIgnorechangesList(), context);
  } catch (error) {
    if (dryRun && isExpectedInPreview(error)) return response;
    throw describe(error, urn, fieldManager);
  }
  const { live, reasons } =
    dryRun || skipsAwait(inputs)
      ? { live: applied, reasons: [] }
      : await awaitReady(client, applied, {
          timeoutMs: timeoutMsOf(inputs, request.getTimeout()),
          signal: context.signal,
          onProgress: (message) => context.log.progress(urn, message),
        });
  const { initialApiVersion } = old;
  const state = buildCheckpoint({ inputs, live, initialApiVersion, fieldManager }, news);
  if (reasons.length > 0) {
    throw new InitFailedError(
      `the Kubernetes API server reported that "${idOf(live)}" failed to fully initialize or ` +
        `become live: ${reasons.join("; ")}`,
      idOf(live),
      state,
      reasons,
    );
  }
  response.setProperties(toStruct(state));
  return response;
}

interface WantedObject {
  readonly client: DynamicClient;
  readonly inputs: KubeObject;
  readonly live: KubeObject;
  readonly fieldManager: string;
  readonly dryRun: boolean;
}

async function apply(
  { client, inputs, live, fieldManager, dryRun }: WantedObject,
  ignoreChanges: readonly string[],
  { config }: PluginContext,
): Promise<KubeObject> {
  const owned = dryRun ? live : await takeOver(client, live, fieldManager);
  const force =
    forcesPatch(inputs) ||
    config.enablePatchForce ||
    managedFieldsOf(owned).length === 0 ||
    // A dry run has not taken the fields over, which the update will do before it applies.
    (dryRun && isCreatedPlainly(owned));
  const object = leaveIgnoredFields(inputs, owned, ignoreChanges, fieldManager);
  return client.apply(object, { fieldManager, force, dryRun });
}

async function takeOver(
  client: DynamicClient,
  live: KubeObject,
  fieldManager: string,
): Promise<KubeObject> {
  const entries = takeOverFields(managedFieldsOf(live), fieldManager, apiVersionOf(live));
  if (!entries) return live;
  try {
    return await client.replaceManagedFields(live, entries, metadataOf(live)["resourceVersion"]);
  } catch (error) {
    if (!isReason(error, "Conflict")) throw error;
    // Somebody wrote between our read and our write: once more, with what they left.
    const fresh = await client.get(live);
    const again = takeOverFields(managedFieldsOf(fresh), fieldManager, apiVersionOf(fresh));
    if (!again) return fresh;
    return client.replaceManagedFields(fresh, again, metadataOf(fresh)["resourceVersion"]);
  }
}

/** What a dry run can't foresee: a definition that this very update changes, a right that it grants. */
function isExpectedInPreview(error: unknown): boolean {
  return error instanceof UnknownKindError || isReason(error, "Forbidden");
}

function describe(error: unknown, urn: string, fieldManager: string): unknown {
  const sentence = (explanation: string) => `update of resource "${urn}" failed: ${explanation}`;
  return describeFailure(error, { operation: "update", urn, fieldManager, sentence });
}
