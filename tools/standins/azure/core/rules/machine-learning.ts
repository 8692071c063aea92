/** What Azure Machine Learning refuses and hides in a workspace's computes. */
import { badRequest } from "../arm-error";
import { type JsonObject, textAt, valueAt, withValueAt } from "../json";
import type { Masking, Refusal } from "../rule";

const type = "Microsoft.MachineLearningServices/workspaces/computes";
const V1 = "learn.microsoft.com/azure/machine-learning/v1/how-to-create-attach-kubernetes";
const MODEL = "@azure/arm-machinelearning 2.1.1, models and mappers";

const computeNameForm: Refusal = {
  name: "compute-name-form",
  source: `${V1}: 3 to 24 characters, starts with a letter, ends with a letter or digit`,
  methods: ["PUT"],
  type,
  refuse: ({ request }) =>
    /^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(request.path.name ?? "")
      ? undefined
      : badRequest(
          "BadArgument",
          `Invalid compute name '${request.path.name ?? ""}'. The name must be 3 to 24 characters, start with a letter, end with a letter or digit, and have only letters, digits and dashes.`,
        ),
};

const newV1ComputeRefused: Refusal = {
  name: "new-v1-compute-refused",
  source:
    "github.com/Azure/azureml-examples/issues/1678: the service refuses new AKS computes and asks for KubernetesCompute",
  methods: ["PUT"],
  type,
  refuse: ({ request, existing }) =>
    existing || textAt(request.body, "properties.computeType") !== "AKS"
      ? undefined
      : badRequest(
          "UserError",
          "Creating or attaching a compute of type AKS is no longer supported. Please use KubernetesCompute instead.",
        ),
};

const computeTypeStays: Refusal = {
  name: "compute-type-stays",
  source: `${MODEL}: computeType is the discriminator of the resource`,
  methods: ["PUT"],
  type,
  refuse({ request, existing }) {
    const before = textAt(existing?.body, "properties.computeType");
    const wanted = textAt(request.body, "properties.computeType");
    if (before === undefined || before === wanted) return undefined;
    return badRequest(
      "UserError",
      `The compute '${request.path.name ?? ""}' exists with type ${before}; its type can't be changed to ${wanted ?? "none"}.`,
    );
  },
};

const attachedClusterExists: Refusal = {
  name: "attached-cluster-exists",
  source: `${V1}: the cluster to attach must exist`,
  methods: ["PUT"],
  type,
  refuse({ request, store }) {
    const clusterId = textAt(request.body, "properties.resourceId");
    if (clusterId === undefined || store.get(clusterId)) return undefined;
    return {
      status: 404,
      code: "UserError",
      message: `The resource '${clusterId}' to attach was not found.`,
    };
  },
};

const attachedClusterStays: Refusal = {
  name: "attached-cluster-stays",
  source: `${V1}: to attach another cluster, detach first`,
  methods: ["PUT"],
  type,
  refuse({ request, existing }) {
    const before = textAt(existing?.body, "properties.resourceId");
    const wanted = textAt(request.body, "properties.resourceId");
    if (!before || !wanted || before.toLowerCase() === wanted.toLowerCase()) return undefined;
    return {
      status: 409,
      code: "Conflict",
      message: `The compute '${request.path.name ?? ""}' is attached to '${before}'; detach it first.`,
    };
  },
};

const detachOrDeleteSaid: Refusal = {
  name: "detach-or-delete-said",
  source:
    "@azure/arm-machinelearning 2.1.1, parameters: underlyingResourceAction is required, Delete or Detach",
  methods: ["DELETE"],
  type,
  refuse({ request }) {
    const action = request.query.get("underlyingResourceAction");
    return action === "Delete" || action === "Detach"
      ? undefined
      : badRequest(
          "BadArgument",
          "The query parameter underlyingResourceAction is required; it must be Delete or Detach.",
        );
  },
};

const attachedClusterNotDeleted: Refusal = {
  name: "attached-cluster-not-deleted",
  source:
    "azureml-core, azureml/core/compute/aks.py, delete(): a cluster that was attached is not deleted, it is an error",
  methods: ["DELETE"],
  type,
  refuse({ request, existing }) {
    const isAttached = valueAt(existing?.body, "properties.isAttachedCompute") === true;
    return isAttached && request.query.get("underlyingResourceAction") === "Delete"
      ? badRequest("UserError", "An attached cluster can't be deleted; detach it instead.")
      : undefined;
  },
};

const patchOnlyScales: Refusal = {
  name: "patch-only-scales",
  source:
    "@azure/arm-machinelearning 2.1.1, ClusterUpdateParameters: only scaleSettings, for AmlCompute",
  methods: ["PATCH"],
  type,
  refuse: ({ existing }) =>
    textAt(existing?.body, "properties.computeType") === "AmlCompute"
      ? undefined
      : badRequest("UserError", "Only computes of type AmlCompute can be updated with PATCH."),
};

// learn.microsoft.com/rest/api/azureml/compute/get: keys come back as null; the rest through listKeys.
const SECRETS = [
  "properties.properties.sslConfiguration.cert",
  "properties.properties.sslConfiguration.key",
  "properties.properties.relayConnectionString",
  "properties.properties.serviceBusConnectionString",
];

export const computeSecretsHidden: Masking = {
  name: "compute-secrets-hidden",
  source:
    "github.com/Azure/azure-sdk-for-go/issues/14670: cert and key are null in what the service answers",
  type,
  mask: (body: JsonObject) =>
    SECRETS.reduce(
      (masked, path) =>
        valueAt(masked, path) === undefined ? masked : withValueAt(masked, path, null),
      body,
    ),
};

export const machineLearningRules: readonly Refusal[] = [
  computeNameForm,
  newV1ComputeRefused,
  computeTypeStays,
  attachedClusterExists,
  attachedClusterStays,
  detachOrDeleteSaid,
  attachedClusterNotDeleted,
  patchOnlyScales,
];
