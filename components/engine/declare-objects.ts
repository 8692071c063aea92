// The Kubernetes objects that a component declares: guarded by a DeclaredObjects resource, and marked with their owner.
import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { markOf, OWNER_ANNOTATION, ownerOf } from "../../contracts/owner-mark";
import {
  DeclaredObjects,
  type ObjectReference,
} from "../../provider/declared-objects/declared-objects";
import { digest } from "../../values/digest";
import { clusterLifetime } from "./cluster-lifetime";

export interface Declaration {
  readonly component: pulumi.ComponentResource;
  /** Class name of the component. */
  readonly kind: string;
  readonly name: string;
  readonly kubeconfig: pulumi.Input<string>;
  /** `<organization>/<project>/<stack>` or `<project>/<stack>`. */
  readonly handOverTo: string | undefined;
  /** What dynamic resources of the component apply. */
  readonly applied: readonly ObjectReference[];
  readonly dependsOn: readonly pulumi.Resource[];
}

export interface ObjectDeclaration {
  /** Everything that the component changes in the cluster depends on it. */
  readonly guard: DeclaredObjects;
  /** The mark for objects that dynamic resources apply. */
  readonly mark: string;
  /** Options of every child that changes something in the cluster. */
  readonly options: ChildOptions;
  /** Options of an object of @pulumi/kubernetes: the guard sees it, and it gets the mark. */
  readonly object: ChildOptions;
  /**
   * Lets the guard wait for objects that are declared later.
   * @param declared false: a preview doesn't know which they are
   */
  waitFor(declared: Promise<boolean>): void;
}

type ChildOptions = pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource };

/** Kinds that components and stacks share: they have no owner. */
const SHARED = ["Namespace", "CustomResourceDefinition"];

/** The guard sees the objects that are declared before the component's constructor ends, or what it was told to wait for. */
export function declareObjects(declaration: Declaration): ObjectDeclaration {
  const { component, kind, name, kubeconfig, applied, dependsOn } = declaration;
  const owner = ownerOf(thisStack(), `${kind} ${name}`);
  const handOverTo = stackOf(declaration.handOverTo);
  const mark = markOf(owner, handOverTo);
  const lifetime = clusterLifetime(kubeconfig);
  const objects: pulumi.Inputs[] = [];
  const owned = [...applied];
  const awaited: Promise<boolean>[] = [];
  // The constructor declares its objects, and what is awaited, before anything that was promised is read.
  const whenDeclared = Promise.resolve().then(() => Promise.all(awaited));
  const listed = <T>(list: T[]): pulumi.Input<T[]> =>
    // An Output whose value is this one is unknown; the types don't say so.
    whenDeclared.then((known) => (known.includes(false) ? (unknown as never) : list));
  const guard = new DeclaredObjects(
    name,
    {
      kubeconfig,
      owner,
      ...(handOverTo === undefined ? {} : { handOverTo }),
      owned: listed(owned),
      objects: listed(objects),
    },
    { parent: component, dependsOn: [...dependsOn], ...lifetime },
  );
  const options = {
    parent: component,
    dependsOn: [guard],
    ...lifetime,
    ...(handOverTo === undefined ? {} : { retainOnDelete: true }),
  };
  const record: pulumi.ResourceTransformation = ({ props, opts }) => {
    const { kind: objectKind, apiVersion, metadata } = props as DeclaredProps;
    const isShared = SHARED.includes(objectKind);
    const marked = isShared ? props : withMark(props as DeclaredProps, guard.mark);
    objects.push(declaredObject(isShared ? props : withMark(props as DeclaredProps, mark), opts));
    if (!isShared) {
      const { name: objectName, namespace } = metadata;
      const at = namespace === undefined ? {} : { namespace };
      owned.push({ apiVersion, kind: objectKind, name: objectName, ...at });
    }
    return { props: marked, opts };
  };
  return {
    guard,
    mark,
    options,
    object: { ...options, transformations: [record] },
    waitFor: (declared) => void awaited.push(declared),
  };
}

interface DeclaredProps {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: pulumi.Input<string>;
    readonly namespace?: pulumi.Input<string>;
    readonly annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  };
  readonly [field: string]: unknown;
}

function withMark(props: DeclaredProps, mark: pulumi.Input<string>): DeclaredProps {
  const { metadata } = props;
  const { annotations } = metadata;
  const isLater = pulumi.Output.isInstance(annotations) || annotations instanceof Promise;
  const marked = isLater
    ? pulumi
        .all([annotations, mark])
        .apply(([given, value]) => ({ ...given, [OWNER_ANNOTATION]: value }))
    : { ...annotations, [OWNER_ANNOTATION]: mark };
  return { ...props, metadata: { ...metadata, annotations: marked } };
}

/** The object as the guard compares it: without what others own, and without the data of a Secret. */
function declaredObject(
  props: pulumi.Inputs,
  { ignoreChanges = [] }: pulumi.CustomResourceOptions,
): pulumi.Inputs {
  const object: pulumi.Inputs = { ...props };
  delete object["status"];
  delete object["stringData"];
  if (ignoreChanges.includes("spec.replicas")) {
    object["spec"] = pulumi.output(props["spec"] as object).apply(withoutReplicas);
  }
  if (props["stringData"] !== undefined) {
    object["dataDigests"] = pulumi.output(props["stringData"] as SecretData).apply(digestsOf);
  }
  return object;
}

type SecretData = Readonly<Record<string, string | undefined>>;

function digestsOf(data: SecretData): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value = ""]) => [key, digest(value)]));
}

function withoutReplicas({ replicas: _replicas, ...spec }: { readonly replicas?: unknown }) {
  return spec;
}

function thisStack(): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
}

/** With this stack's organization where none is given. */
function stackOf(given: string | undefined): string | undefined {
  if (given === undefined || given.split("/").length > 2) return given;
  return `${pulumi.getOrganization()}/${given}`;
}
