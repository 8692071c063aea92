// Serves the policies of one profile to Pulumi's engine.
import { PolicyPack } from "@pulumi/policy";
import { type Profile } from "../core/catalog/profiles";
import { policies } from "../engine/policies";

/** A process serves one pack. */
export function startPack(profile: Profile): PolicyPack {
  return new PolicyPack("aml-inference-policies", {
    displayName: `aml-inference, profile ${profile}`,
    description: "Policies on clusters, routers and endpoints of aml-inference.",
    provider: "azure",
    policies: policies({ profile }),
  });
}
