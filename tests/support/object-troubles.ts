// What somebody does to a declared object behind a stack's back: one table of kinds, for every kind of trouble.
import { objectPath, resourcePath } from "../../kubernetes/core/object-path";
import { type ApiClient, describeFailure } from "../../kubernetes/io/api-client";
import { type DeclaredObject } from "./declared-objects";

export type Trouble = "deleted" | "edited" | "status emptied" | "held";

interface KindTroubles {
  /** Merges into a field that the stack owns; undefined: the kind is declared by its name alone. */
  readonly edit: object | undefined;
  /** Merges into the status; undefined: the kind has none that anybody reads. */
  readonly status: object | undefined;
}

const LABEL = { metadata: { labels: { team: "somebody" } } };
const RELEASE_LABEL = { metadata: { labels: { "aml-inference.io/release": "somebody" } } };

/** Every kind that router and endpoint declare; a stack with a further kind fails its test. */
export const KIND_TROUBLES: Readonly<Record<string, KindTroubles>> = {
  ClusterRole: { edit: { rules: [] }, status: undefined },
  ClusterRoleBinding: { edit: { subjects: [] }, status: undefined },
  ConfigMap: { edit: RELEASE_LABEL, status: undefined },
  CustomResourceDefinition: {
    edit: { spec: { names: { shortNames: ["somebody"] } } },
    status: { conditions: [] },
  },
  Deployment: { edit: { spec: { revisionHistoryLimit: 7 } }, status: {} },
  ModelEndpoint: { edit: { spec: { suspended: true } }, status: {} },
  Namespace: { edit: undefined, status: undefined },
  NetworkPolicy: { edit: { spec: { ingress: [] } }, status: undefined },
  Role: { edit: { rules: [] }, status: undefined },
  RoleBinding: { edit: { subjects: [] }, status: undefined },
  Secret: { edit: { data: { "tls.crt": "bm90aGluZw==" } }, status: undefined },
  Service: {
    edit: { spec: { publishNotReadyAddresses: true, sessionAffinity: "ClientIP" } },
    status: { loadBalancer: null },
  },
  ServiceAccount: { edit: LABEL, status: undefined },
};

/** A finalizer that nobody serves. */
const HOLD = "heal.example.com/hold";

/** Objects that take others with them: troubles of those can't be seen at the same time. */
export function isContainer({ kind }: DeclaredObject): boolean {
  return kind === "Namespace" || kind === "CustomResourceDefinition";
}

/** The object's path in the API. */
export function pathOf({ apiVersion, kind, name, namespace }: DeclaredObject): string {
  const at = namespace === undefined ? {} : { namespace };
  return objectPath({ apiVersion, kind, ...at }, name);
}

/** Makes the trouble; false where the kind doesn't have it. */
export async function makeTrouble(
  client: ApiClient,
  object: DeclaredObject,
  trouble: Trouble,
): Promise<boolean> {
  const { edit, status } = KIND_TROUBLES[object.kind] ?? {};
  const path = pathOf(object);
  if (trouble === "edited") {
    if (edit !== undefined) await ask(client, "PATCH", path, edit);
    return edit !== undefined;
  }
  if (trouble === "status emptied") {
    const emptied = {
      status: status !== undefined && Object.keys(status).length > 0 ? status : null,
    };
    if (status !== undefined) await ask(client, "PATCH", `${path}/status`, emptied);
    return status !== undefined;
  }
  if (trouble === "held") {
    const finalizers = [...((await finalizersOf(client, path)) ?? []), HOLD];
    await ask(client, "PATCH", path, { metadata: { finalizers } });
  }
  await ask(client, "DELETE", path);
  if (object.kind === "Namespace") await endPods(client, object.name);
  return true;
}

/**
 * Ends the pods of a namespace that is being deleted. The namespace controller looks 5 s after the deletion; for pods
 * that it finds, it looks again after half of their grace period (namespace_controller.go), which is minutes.
 */
async function endPods(client: ApiClient, namespace: string): Promise<void> {
  await ask(client, "DELETE", resourcePath("v1", "pods", namespace), { gracePeriodSeconds: 0 });
}

/** Removes what holds the object; one that is gone, or was never held, is no error. */
export async function release(client: ApiClient, object: DeclaredObject): Promise<void> {
  const path = pathOf(object);
  const finalizers = await finalizersOf(client, path);
  if (finalizers?.includes(HOLD) !== true) return;
  const others = finalizers.filter((each) => each !== HOLD);
  await ask(client, "PATCH", path, { metadata: { finalizers: others } });
}

/** What has become of the object; `dying`: its deletion has begun. */
export async function lifeOf(
  client: ApiClient,
  object: DeclaredObject,
): Promise<"alive" | "dying" | "gone"> {
  const { status, body } = await client.request({ method: "GET", path: pathOf(object) });
  if (status === 404) return "gone";
  const { metadata } = body as { readonly metadata: { readonly deletionTimestamp?: string } };
  return metadata.deletionTimestamp === undefined ? "alive" : "dying";
}

async function finalizersOf(
  client: ApiClient,
  path: string,
): Promise<readonly string[] | undefined> {
  const { status, body } = await client.request({ method: "GET", path });
  if (status === 404) return undefined;
  const { metadata } = body as { readonly metadata: { readonly finalizers?: readonly string[] } };
  return metadata.finalizers ?? [];
}

async function ask(
  client: ApiClient,
  method: "PATCH" | "DELETE",
  path: string,
  body?: object,
): Promise<void> {
  const answer = await client.request({
    ...{ method, path },
    ...(body === undefined ? {} : { body }),
    ...(method === "PATCH" ? { contentType: "application/merge-patch+json" } : {}),
  });
  // What another deletion has taken along is as gone as it was to be.
  if (method === "DELETE" && answer.status === 404) return;
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${describeFailure(answer)}`);
}
