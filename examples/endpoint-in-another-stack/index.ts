// An ML engineer's stack: an endpoint on the platform stack's router, with a new version at 10 percent of the traffic.
import { AmlModelEndpoint } from "aml-inference";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

// The platform stack exports the four outputs of its router under these names.
const platform = new pulumi.StackReference(config.require("platform"));
const router = {
  kubeconfig: platform.requireOutput("kubeconfig"),
  namespace: platform.requireOutput("namespace"),
  scoringBaseUri: platform.requireOutput("scoringBaseUri"),
  clusterPurpose: platform.requireOutput("clusterPurpose"),
};

const endpoint = new AmlModelEndpoint("churn", {
  router,
  namespace: "risk",
  tags: { team: "risk" },
  versions: {
    // Raise green's share as it proves itself (10 → 50), then make it the default and remove blue.
    blue: {
      image: config.require("currentImage"),
      isDefault: true,
      isControl: true,
      autoscale: { minReplicas: 2, maxReplicas: 20, targetUtilization: 60 },
      cpuCores: 0.5,
      memoryGb: 1,
    },
    green: {
      image: config.require("nextImage"),
      trafficPercentile: 10,
      numReplicas: 1,
      cpuCores: 0.5,
      memoryGb: 1,
      scoringTimeoutMs: 30_000,
    },
  },
});

export const { scoringUri, swaggerUri, primaryKey, versionStates } = endpoint;
