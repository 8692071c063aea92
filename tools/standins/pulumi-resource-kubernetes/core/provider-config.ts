/** The provider's options, from its inputs and the environment variables that stand in for them. */
import { type PropertyMap, stripSecretsOf } from "../../property-value";

/** The options that this plugin honours, with the vendor's names and defaults. */
export interface ProviderConfig {
  /** Content of a kubeconfig or the path of one; empty for the machine's own. */
  readonly kubeconfig: string;
  readonly context: string;
  readonly cluster: string;
  /** Where namespaced objects without a namespace go; empty for the kubeconfig's own. */
  readonly namespace: string;
  /** Default true. Without it, objects are created and merged plainly, which is not supported here. */
  readonly enableServerSideApply: boolean;
  readonly upsertExistingObjects: boolean;
  readonly enablePatchForce: boolean;
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
}

/** Reads the options; the environment counts where an option is absent. */
export function parseProviderConfig(
  inputs: PropertyMap,
  environment: Readonly<Record<string, string | undefined>>,
): ProviderConfig {
  const plain = stripSecretsOf(inputs);
  const text = (key: string): string => {
    const value = plain[key];
    if (value === undefined || value === null) return "";
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  const flag = (key: string, variable: string, otherwise = false): boolean => {
    const option = text(key);
    if (option !== "") return option === "true";
    const value = environment[variable];
    return value === undefined ? otherwise : value === "true";
  };
  return {
    kubeconfig: text("kubeconfig"),
    context: text("context"),
    cluster: text("cluster"),
    namespace: text("namespace"),
    enableServerSideApply: flag(
      "enableServerSideApply",
      "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
      true,
    ),
    upsertExistingObjects: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    enablePatchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
    enableConfigMapMutable: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    enableSecretMutable: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
  };
}
