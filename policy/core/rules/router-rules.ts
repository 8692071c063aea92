// Policies on routers: AmlInferenceRouter.
import { X509Certificate } from "node:crypto";
import { InsecureTraffic, LoadBalancerType } from "../../../contracts/choices";
import { type DeclaredResource, ENDPOINT, isType, purposeOf, ROUTER, routerOf } from "../declared";
import { Unread } from "../input";
import { amount, flag, resourceRule, stackRule, texts } from "../rule";

const MS_PER_DAY = 86_400_000;

const isPublic = ({ inputs }: DeclaredResource): boolean =>
  (inputs.at("loadBalancerType").text ?? LoadBalancerType.PublicIp) === LoadBalancerType.PublicIp;

export const publicTls = resourceRule<{ internalToo: boolean }>({
  title: "TLS at public addresses",
  description: "A router with a public address serves HTTPS, and nothing over plain HTTP.",
  subject: "AmlInferenceRouter",
  severity: "critical",
  control: { id: "DP-3", title: "Encrypt sensitive data in transit" },
  remediation: "Give the router ssl, or loadBalancerType InternalLoadBalancer.",
  settings: { internalToo: flag("True: routers with an internal address, too.", false) },
  applies: isType(ROUTER),
  *judge(router, { internalToo }) {
    yield () => {
      const open = isPublic(router);
      if (!open && !internalToo) return undefined;
      const ssl = router.inputs.at("ssl");
      if (ssl.isAbsent) {
        const other = internalToo ? "" : ', or loadBalancerType "InternalLoadBalancer"';
        return `ssl is required: without it, ${open ? "a public" : "the internal"} address serves plain HTTP; give ssl${other}`;
      }
      if (ssl.at("insecureTraffic").text !== InsecureTraffic.Allow) return undefined;
      return 'ssl.insecureTraffic must be "Redirect" or "Refuse": it is "Allow", so keys and data cross the network in clear';
    };
  },
});

export const certificateLifetime = resourceRule<{ leastDays: number }>({
  title: "Lifetime of certificates",
  description: "A router's certificate is valid for a while after each update.",
  subject: "AmlInferenceRouter",
  severity: "high",
  control: { id: "DP-7", title: "Use a secure certificate management process" },
  remediation: "Renew ssl.certificatePem and ssl.privateKeyPem.",
  settings: { leastDays: amount("Days that must be left.", 30) },
  applies: isType(ROUTER),
  *judge({ inputs }, { leastDays }, { now }) {
    const ssl = inputs.at("ssl");
    if (ssl.isAbsent) return;
    yield () => {
      if (ssl.at("takeOverLegacyCertificate").boolean === true) {
        throw new Unread(
          "ssl.takeOverLegacyCertificate",
          "takes a certificate from the cluster, which a policy doesn't see",
        );
      }
      const pem = ssl.at("certificatePem").text;
      if (pem === undefined) return undefined;
      const end = endOf(pem);
      if (end === undefined)
        return "ssl.certificatePem must be a certificate in PEM: it can't be read";
      const days = Math.floor((end.getTime() - now.getTime()) / MS_PER_DAY);
      if (days >= leastDays) return undefined;
      const left = days < 0 ? "has expired" : `has ${days} left`;
      return `ssl.certificatePem must be valid for ${leastDays} more days: it ${left} (until ${end.toISOString().slice(0, 10)}); renew it`;
    };
  },
});

/** When the first certificate of a chain, the router's own, ends. */
function endOf(pem: string): Date | undefined {
  try {
    const end = Date.parse(new X509Certificate(pem).validTo);
    return Number.isNaN(end) ? undefined : new Date(end);
  } catch {
    return undefined;
  }
}

export const endpointAuthentication = resourceRule<{ openPurposes: readonly string[] }>({
  title: "Keys for endpoints",
  description: "Endpoints take requests with a key only, except on clusters for development.",
  subject: "AmlModelEndpoint",
  severity: "critical",
  control: { id: "IM-4", title: "Authenticate server and services" },
  remediation: "Leave authEnabled away, or set it to true.",
  settings: {
    openPurposes: texts("Purposes of clusters whose endpoints may be open.", ["DevTest"]),
  },
  applies: isType(ENDPOINT),
  *judge(endpoint, { openPurposes }) {
    yield () => {
      if (endpoint.inputs.at("authEnabled").boolean !== false) return undefined;
      const purpose = purposeOf(endpoint);
      if (openPurposes.includes(purpose)) return undefined;
      return `authEnabled must be true on a ${purpose} cluster: it is false, so that everybody who reaches the address may call the model`;
    };
  },
});

export const publicEndpointKeys = stackRule<object>({
  title: "Keys at public addresses",
  description: "An endpoint behind a public address needs a key, whatever its cluster is for.",
  subject: "AmlModelEndpoint with its AmlInferenceRouter",
  severity: "critical",
  control: { id: "IM-4", title: "Authenticate server and services" },
  remediation: "Set authEnabled to true, or the router's loadBalancerType to InternalLoadBalancer.",
  settings: {},
  *judge(stack) {
    for (const endpoint of stack.resources.filter(isType(ENDPOINT))) {
      yield () => {
        if (endpoint.inputs.at("authEnabled").boolean !== false) return undefined;
        const router = routerOf(endpoint, stack);
        if (router === undefined) {
          throw new Unread(
            `the router of ${endpoint.name}`,
            "is another stack's: whether its address is public can't be seen here",
          );
        }
        if (!isPublic(router)) return undefined;
        return `${endpoint.name}: authEnabled must be true behind a public address: it is false, and loadBalancerType of ${router.name} is "PublicIp"`;
      };
    }
  },
});
