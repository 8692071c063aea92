// Every Kubernetes object that a stack declares, read from its state, so that no kind can be forgotten by a test.
import { isRecord } from "../../values/is-record";

export interface DeclaredObject {
  /** `<type>::<name>` of the resource that declares it. */
  readonly resource: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined for an object of the whole cluster. */
  readonly namespace: string | undefined;
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Where the objects of a release are declared, by their kinds. */
const RELEASE_API: Readonly<Record<string, string>> = { ConfigMap: "v1", Deployment: "apps/v1" };

/** @param stateText the state file of a stack on a local backend */
export function declaredObjects(stateText: string): readonly DeclaredObject[] {
  const { checkpoint } = JSON.parse(stateText) as {
    readonly checkpoint: { readonly latest: { readonly resources?: readonly StateResource[] } };
  };
  return (checkpoint.latest.resources ?? []).flatMap(objectsOf);
}

function objectsOf({ urn, type, outputs = {} }: StateResource): readonly DeclaredObject[] {
  const resource = (urn.split("$").at(-1) ?? urn).replace(/^.*:(?=\w+::)/, "");
  const { namespace } = outputs;
  if (type.startsWith("kubernetes:")) {
    const metadata = isRecord(outputs["metadata"]) ? outputs["metadata"] : {};
    return [
      {
        resource,
        ...{ apiVersion: String(outputs["apiVersion"]), kind: String(outputs["kind"]) },
        name: String(metadata["name"]),
        namespace: textOf(metadata["namespace"]),
      },
    ];
  }
  if (type.endsWith(":EndpointRoute")) {
    const name = String(outputs["endpointName"]);
    const kind = { apiVersion: "aml-inference.io/v1", kind: "ModelEndpoint" };
    return [{ resource, ...kind, name, namespace: textOf(namespace) }];
  }
  const released = isRecord(outputs["objects"]) ? Object.keys(outputs["objects"]) : [];
  return released.map((key) => {
    const [kind = "", name = ""] = key.split("/");
    const apiVersion = RELEASE_API[kind] ?? "";
    return { resource, apiVersion, kind, name, namespace: textOf(namespace) };
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
