/** The kubeconfigs that a managed cluster hands out. */
import { type Answer, answer, refusal } from "./answer";
import { clusterServer } from "./cluster-bodies";
import { valueAt } from "./json";
import { type GivenKubeconfig, unreachableKubeconfig, withDeviceLogin } from "./kubeconfig";
import { TENANT_ID } from "./made-up-ids";
import { behaviours } from "./rules/behaviours";
import type { RuleBook } from "./rules/rule-book";
import type { StoredResource } from "./store";

/** Answers `listClusterAdminCredential` and `listClusterUserCredential`; undefined for any other action. */
export function answerCredentials(
  action: string,
  cluster: StoredResource,
  rules: RuleBook,
  given: GivenKubeconfig | undefined,
): Answer | undefined {
  const hasEntra = valueAt(cluster.body, "properties.aadProfile.managed") === true;
  const noLocal = valueAt(cluster.body, "properties.disableLocalAccounts") === true;
  const text = typeof given === "function" ? given() : given;
  const plain = text ?? unreachableKubeconfig(clusterServer(cluster.body));
  if (action === "listclusteradmincredential") {
    if (noLocal && rules.isOn(behaviours.staticCredentialsRefused)) return staticRefused();
    return kubeconfigs("clusterAdmin", plain);
  }
  if (action === "listclusterusercredential") {
    const asksLogin = hasEntra && rules.isOn(behaviours.entraKubeconfig);
    return kubeconfigs("clusterUser", asksLogin ? withDeviceLogin(plain, TENANT_ID) : plain);
  }
  return undefined;
}

function kubeconfigs(name: string, kubeconfig: string): Answer {
  return answer(200, {
    kubeconfigs: [{ name, value: Buffer.from(kubeconfig).toString("base64") }],
  });
}

function staticRefused(): Answer {
  return refusal(
    {
      status: 400,
      code: "BadRequest",
      message:
        "Getting static credential is not allowed because this cluster is set to disable local accounts.",
    },
    (seconds) => seconds,
  );
}
