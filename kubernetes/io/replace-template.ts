// Replaces a Deployment's pod template, as whoever applied the present one would.
import { appliedFields, applierOf } from "../core/applied-fields";
import { describeObject, type Json, type KubeObject } from "../core/kube-object";
import { type Deployment, type PodTemplate } from "../core/workload";
import { type KubeClient } from "./kube-client";
import { isReason, KubeError } from "./kube-error";

/** Attempts while others, such as a scaler, change the Deployment between our read and our write. */
const ATTEMPTS = 5;

/**
 * Applies the template in the name of the field manager that applied the present one, with all else that it applied.
 * So the manager owns the new template, and its own next apply leaves nothing of it that it doesn't declare, which an
 * update or an apply by another manager would.
 * @throws KubeError when a request fails, or nobody applied the template server-side
 */
export async function replaceTemplate(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  template: PodTemplate,
): Promise<void> {
  const locator = { apiVersion: "apps/v1", kind: "Deployment", namespace };
  const attempt = `change the pod template of ${describeObject(locator, name)}`;
  for (let tried = 1; ; tried += 1) {
    const live = await client.read<Deployment>(locator, name);
    if (live === undefined) throw new KubeError(attempt, "NotFound", "it doesn't exist");
    const applier = applierOf(live, ["spec", "template"]);
    if (applier?.manager === undefined) {
      throw new KubeError(attempt, "Other", "nobody applied it server-side");
    }
    try {
      await client.apply(
        withTemplate(live, applier.fieldsV1 ?? {}, template),
        "persist",
        applier.manager,
      );
      return;
    } catch (error) {
      if (!isReason(error, "Conflict") || tried >= ATTEMPTS) throw error;
    }
  }
}

/** What the manager applied, with another template. The resource version refuses it once the Deployment has changed. */
function withTemplate(live: Deployment, owned: Json, template: PodTemplate): KubeObject {
  const applied = appliedFields(live as unknown as Json, owned) as Partial<Deployment>;
  const { name, namespace, resourceVersion } = live.metadata;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      ...applied.metadata,
      ...{ name, namespace },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    spec: { ...applied.spec, template },
  };
}
