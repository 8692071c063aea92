// The quickstart: a router and an endpoint with two model versions on any Kubernetes cluster.
import { readFileSync } from "node:fs";
import { AmlInferenceRouter, AmlModelEndpoint } from "aml-inference";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

// Declare one router per cluster: a load balancer, the router behind it, and the autoscaler.
const router = new AmlInferenceRouter("router", {
  kubeconfig: config.getSecret("kubeconfig") ?? currentKubeconfig(),
  clusterPurpose: "DevTest",
});

// One image contains both versions. AZUREML_MODEL_DIR selects the model, as in Azure ML's images.
const image = config.require("image");

// Declare as many endpoints as you need. This one answers at /api/v1/service/diabetes/score.
const endpoint = new AmlModelEndpoint("diabetes", {
  router,
  versions: {
    blue: {
      image,
      isDefault: true,
      autoscale: { minReplicas: 1, maxReplicas: 5 },
      environmentVariables: { AZUREML_MODEL_DIR: "azureml-models/diabetes/1" },
    },
    green: {
      image,
      trafficPercentile: 10,
      autoscale: { minReplicas: 1, maxReplicas: 5 },
      environmentVariables: { AZUREML_MODEL_DIR: "azureml-models/diabetes/2" },
    },
  },
});

export const { scoringUri, swaggerUri, primaryKey, secondaryKey, versionStates } = endpoint;

/** The kubeconfig that AML_INFERENCE_KUBECONFIG or KUBECONFIG names. */
function currentKubeconfig(): pulumi.Output<string> {
  const path = process.env["AML_INFERENCE_KUBECONFIG"] ?? process.env["KUBECONFIG"];
  if (path !== undefined) return pulumi.secret(readFileSync(path, "utf8"));
  throw new pulumi.RunError(
    "which cluster? Set AML_INFERENCE_KUBECONFIG to the path of a kubeconfig, or `pulumi config set --secret kubeconfig`",
  );
}
