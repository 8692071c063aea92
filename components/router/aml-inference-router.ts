// AmlInferenceRouter: the load balancer, router and autoscaler that serve a cluster's endpoints.
import * as pulumi from "@pulumi/pulumi";
import { AutoscalerDeployment } from "../../provider/autoscaler-deployment/autoscaler-deployment";
import { EndpointNamespaces } from "../../provider/endpoint-namespaces/endpoint-namespaces";
import { LegacyRouter } from "../../provider/legacy-router/legacy-router";
import { RouterDeployment } from "../../provider/router-deployment/router-deployment";
import * as autoscaler from "../../contracts/pods/autoscaler-environment";
import { AUTOSCALER_NAME, ROUTER_NAME } from "../../contracts/pods/pod-defaults";
import * as router from "../../contracts/pods/router-environment";
import { type AmlInferenceRouterArgs } from "./aml-inference-router-args";
import { validateOutputs, knownArguments, refuseArguments } from "../engine/refuse-arguments";
import { surroundings } from "../../provider/engine/surroundings";
import { ROUTER_ARGUMENTS } from "../../validation/router/router-arguments";
import { validateRouter } from "../../validation/router/validate-router";
import { tellCluster, tellUnenforced } from "../engine/cluster-lifetime";
import { createClusterProvider } from "../engine/cluster-provider";
import { createCustomResourceDefinition } from "./custom-resource-definition";
import { leafDomainName } from "./leaf-domain";
import { declareObjects } from "../engine/declare-objects";
import { createInternalCertificates } from "./internal-certificates";
import { internalTlsSecret } from "../../contracts/pods/internal-tls";
import { createNamespace } from "../engine/namespace";
import { createNetworkPolicies } from "./network-policies";
import { routerCertificate } from "./router-certificate";
import { TLS_SECRET_NAME } from "./router-names";
import { shareRouterParts } from "../engine/router-reference";
import { completeResources } from "./router-resources";
import { createAutoscalerService, createLoadBalancer } from "./router-services";
import { createServiceAccount } from "./service-account";
import { withoutNullsInside } from "../../values/without";
import {
  type Given,
  type Later,
  mapLater,
  memberOf,
  withDefault,
  withoutAbsent,
} from "../engine/inputs";
import { knownSsl, type KnownSsl } from "./known-ssl";
import { createTlsSecret } from "./tls-secret";
import { validatedRouterArguments, visibleRouterArguments } from "./visible-router-arguments";

/**
 * What serves a cluster's endpoints: a load balancer, one router pod (HAProxy and its agent) and the autoscaler.
 * It satisfies `RouterReference`, so endpoints take it as their `router`.
 */
export class AmlInferenceRouter extends pulumi.ComponentResource {
  public static readonly __pulumiType = "aml-inference:index:AmlInferenceRouter";

  /** What scoring URIs begin with: `https://<cname>`, or `http://` and the load balancer's public name or address. */
  public readonly scoringBaseUri: pulumi.Output<string>;
  /** Namespace of router and autoscaler. */
  public readonly namespace: pulumi.Output<string>;
  /** Kubeconfig of the cluster. A secret. */
  public readonly kubeconfig: pulumi.Output<string>;
  /** What the cluster is for. */
  public readonly clusterPurpose: pulumi.Output<string>;

  constructor(name: string, args: AmlInferenceRouterArgs, opts?: pulumi.ComponentResourceOptions) {
    // Programs may pass null or undefined for what is not given, those without types for all of it.
    const given = withoutNullsInside(args ?? {});
    super(AmlInferenceRouter.__pulumiType, name, visibleRouterArguments(given), opts);
    args = given;
    refuseArguments(this, validateRouter(name, knownArguments({ ...args }), surroundings()));

    const checked = validateOutputs(
      this,
      "AmlInferenceRouter",
      name,
      validatedRouterArguments(args),
    );
    const kubeconfig = pulumi.secret(args.kubeconfig);
    const own = { parent: this, dependsOn: [checked] };
    const provider = createClusterProvider(name, kubeconfig, own);
    const namespace = withDefault(args.namespace, ROUTER_ARGUMENTS.namespace.default);
    const declared = declareObjects({
      component: this,
      kind: "AmlInferenceRouter",
      name,
      kubeconfig,
      handOverTo: args.handOverTo,
      applied: [AUTOSCALER_NAME, ROUTER_NAME].map((deployment) => ({
        ...{ apiVersion: "apps/v1", kind: "Deployment" },
        ...{ namespace, name: deployment },
      })),
      dependsOn: [checked],
    });
    const shared = { ...declared.object, provider };
    const labels = withDefault(withoutAbsent(args.tags), {});
    const clusterPurpose = withDefault(
      args.clusterPurpose,
      ROUTER_ARGUMENTS.clusterPurpose.default,
    );
    const resources = completeResources(clusterPurpose, args.resources);

    const created = createNamespace(name, namespace, shared);
    const definition = createCustomResourceDefinition(name, shared);
    const child = { ...shared, dependsOn: [declared.guard, ...created] };
    const at = { namespace, labels };
    // The argument may be an Output that turns out to be undefined: no namespace is added then.
    const allowedNamespaces = withDefault(withoutAbsent(args.allowedNamespaces), []);
    const accounts = [
      { pulumiName: `${name}-router`, account: ROUTER_NAME, at, rights: router },
      { pulumiName: `${name}-autoscaler`, account: AUTOSCALER_NAME, at, rights: autoscaler },
    ];
    const rights = accounts.flatMap((account) => createServiceAccount(account, child));
    const namespaces = new EndpointNamespaces(
      name,
      { kubeconfig, routerNamespace: namespace, allowedNamespaces },
      { ...declared.options, dependsOn: [checked, definition, ...rights] },
    );
    const internal = createInternalCertificates(name, namespace, own).map(({ role, ...pair }) =>
      createTlsSecret({ ...pair, secretName: internalTlsSecret(role), annotations: {} }, at, child),
    );
    const ssl = knownSsl(args.ssl);
    const tls = mapLater(ssl, (known) => {
      if (known === undefined) return [];
      const pair = routerCertificate(name, known, { kubeconfig, namespace }, own);
      const secret = { ...pair, pulumiName: name, secretName: TLS_SECRET_NAME };
      return [createTlsSecret(secret, at, child)];
    });
    if (tls instanceof Promise) declared.waitFor(tls.then(() => true));
    const loadBalancer = createLoadBalancer(
      `${name}-router`,
      {
        ...at,
        type: withDefault(args.loadBalancerType, ROUTER_ARGUMENTS.loadBalancerType.default),
        subnet: withDefault(args.loadBalancerSubnet, ROUTER_ARGUMENTS.loadBalancerSubnet.default),
        leafDomainLabel: withDefault(args.leafDomainLabel, ""),
        publicIp: {
          name: memberOf(args.publicIp, "name"),
          group: memberOf(args.publicIp, "resourceGroupName"),
        },
        externalTrafficPolicy: args.externalTrafficPolicy,
        tls: mapLater(ssl, (known) => known !== undefined),
      },
      kubeconfig,
      child,
    );
    const samples = createAutoscalerService(`${name}-autoscaler`, at, child);
    const policies = createNetworkPolicies(name, at, child);
    tellUnenforced(this, args.kubeconfig);

    const admission = {
      allowedNamespaces,
      ...inputOf("maxEndpointsPerNamespace", args.maxEndpointsPerNamespace),
      ...inputOf("maxVersionsPerNamespace", args.maxVersionsPerNamespace),
    };
    const autoscalerPods = new AutoscalerDeployment(
      name,
      {
        kubeconfig,
        namespace,
        name: AUTOSCALER_NAME,
        serviceAccountName: AUTOSCALER_NAME,
        routerName: ROUTER_NAME,
        routerServiceAccountName: ROUTER_NAME,
        owner: declared.mark,
        resources: resources.autoscaler,
        ...admission,
        ...imageOf(args, "node", "image"),
      },
      {
        ...declared.options,
        dependsOn: [checked, definition, ...rights, namespaces, ...policies, ...internal],
      },
    );
    const routerPod = new RouterDeployment(
      name,
      {
        kubeconfig,
        namespace,
        name: ROUTER_NAME,
        serviceAccountName: ROUTER_NAME,
        autoscalerServiceName: AUTOSCALER_NAME,
        owner: declared.mark,
        haproxyResources: resources.haproxy,
        agentResources: resources.agent,
        ...imageOf(args, "haproxy", "haproxyImage"),
        ...imageOf(args, "node", "agentImage"),
        ...tlsSecretName(ssl),
        ...inputOf("insecureTraffic", memberOf(args.ssl, "insecureTraffic")),
        ...inputOf("trustedProxies", args.trustedProxies),
        ...admission,
      },
      {
        ...declared.options,
        dependsOn: mapLater(tls, (secrets) => [
          ...[checked, definition, ...rights, namespaces, ...internal, ...secrets],
          ...[samples, autoscalerPods],
        ]),
      },
    );

    shareRouterParts(this, { provider, deployment: routerPod });

    const last = new LegacyRouter(
      name,
      {
        kubeconfig,
        remove: withDefault(args.removeLegacyRouter, ROUTER_ARGUMENTS.removeLegacyRouter.default),
      },
      { parent: this, dependsOn: [checked, loadBalancer.address, routerPod] },
    );
    tellCluster(kubeconfig, last);

    // The DNS name is known before the load balancer has an address.
    const address = pulumi
      .all([withDefault(args.leafDomainLabel, ""), pulumi.unsecret(kubeconfig)])
      .apply(([label, text]) => (label === "" ? undefined : leafDomainName(label, text)))
      .apply((domain) => domain ?? loadBalancer.address.address);
    this.scoringBaseUri = pulumi.output(
      mapLater(ssl, (known) =>
        known === undefined
          ? pulumi.interpolate`http://${address}`
          : pulumi.interpolate`https://${known.cname}`,
      ),
    );
    this.namespace = pulumi.output(namespace);
    this.kubeconfig = kubeconfig;
    this.clusterPurpose = pulumi.output(clusterPurpose);
    this.registerOutputs({
      scoringBaseUri: this.scoringBaseUri,
      namespace: this.namespace,
      kubeconfig: this.kubeconfig,
      clusterPurpose: this.clusterPurpose,
    });
  }
}

/** An image that is given, as one input. */
function imageOf<Name extends string>(
  { images }: AmlInferenceRouterArgs,
  image: "haproxy" | "node",
  input: Name,
): { readonly [Key in Name]?: pulumi.Input<string> } {
  return inputOf(input, memberOf(images, image));
}

/** An argument that is given, as one input. */
function inputOf<Name extends string, T>(
  input: Name,
  given: Given<T>,
): { readonly [Key in Name]?: pulumi.Input<T> } {
  if (given === undefined) return {};
  return { [input]: withoutAbsent(given) } as { [Key in Name]: pulumi.Input<T> };
}

function tlsSecretName(ssl: Later<KnownSsl | undefined>): {
  readonly tlsSecretName?: pulumi.Input<string>;
} {
  if (ssl === undefined) return {};
  // Undefined is left out of the inputs, so the type doesn't say it.
  const name = mapLater(ssl, (known) => (known === undefined ? undefined : TLS_SECRET_NAME));
  return { tlsSecretName: name as Later<string> };
}
