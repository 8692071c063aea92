// Whether tests run against a developer's own Azure instead of the stand-in, and where there.

/** Variable that holds the id of a resource group: tests then run in it, at its owner's cost (docs/azure.md). */
export const OWN_AZURE_VARIABLE = "AML_INFERENCE_AZURE_GROUP";

export interface ResourceGroup {
  readonly subscriptionId: string;
  readonly name: string;
}

/**
 * The resource group that the environment names; undefined without one.
 * @throws Error when the value is no id of a resource group
 */
export function ownResourceGroup(
  env: Readonly<Record<string, string | undefined>>,
): ResourceGroup | undefined {
  const id = env[OWN_AZURE_VARIABLE];
  if (id === undefined || id === "") return undefined;
  const match = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)$/i.exec(id);
  const [, subscriptionId, name] = match ?? [];
  if (subscriptionId !== undefined && name !== undefined) return { subscriptionId, name };
  throw new Error(
    `${OWN_AZURE_VARIABLE} must be /subscriptions/<id>/resourceGroups/<name>: it is ${JSON.stringify(id)}`,
  );
}
