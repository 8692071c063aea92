// What the engine, the state and policies see of a router's arguments: no credentials.
import * as pulumi from "@pulumi/pulumi";
import { isLater } from "../engine/inputs";
import { type AmlInferenceRouterArgs } from "./aml-inference-router-args";

/** A router's arguments without the kubeconfig, whose renewal is no change, and with the private key as a secret. */
export function visibleRouterArguments(args: AmlInferenceRouterArgs): pulumi.Inputs {
  const { ssl } = args;
  const visible: pulumi.Inputs = { ...args };
  delete visible["kubeconfig"];
  if (isLater(ssl)) return { ...visible, ssl: pulumi.secret(ssl) };
  if (ssl?.privateKeyPem === undefined) return visible;
  return { ...visible, ssl: { ...ssl, privateKeyPem: pulumi.secret(ssl.privateKeyPem) } };
}

/** What is validated of a router's arguments once Outputs are values. */
export function validatedRouterArguments(args: AmlInferenceRouterArgs): pulumi.Inputs {
  return { ...visibleRouterArguments(args), kubeconfig: pulumi.secret(args.kubeconfig) };
}
