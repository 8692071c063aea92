// The quickstart: a router and an endpoint with two versions of a model on any Kubernetes cluster.
import { readFileSync } from "node:fs";
import { AmlInferenceRouter, AmlModelEndpoint } from "aml-inference";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

// One per cluster: the load balancer's address, the router behind it, and the autoscaler.
const router = new AmlInferenceRouter("router", {
  kubeconfig: config.getSecret("kubeconfig") ?? currentKubeconfig(),
  clusterPurpose: "DevTest",
});

// Both versions come in one image, which chooses its model by AZUREML_MODEL_DIR, as Azure ML's images do.
const image = config.require("image");

// As many as you like: this one answers at /api/v1/service/diabetes/score.
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

/** The kubeconfig that the environment names. */
function currentKubeconfig(): pulumi.Output<string> {
  const path = process.env["AML_INFERENCE_KUBECONFIG"] ?? process.env["KUBECONFIG"];
  if (path !== undefined) return pulumi.secret(readFileSync(path, "utf8"));
  throw new pulumi.RunError(
    "which cluster? Set AML_INFERENCE_KUBECONFIG to the path of a kubeconfig, or `pulumi config set --secret kubeconfig`",
  );
}
