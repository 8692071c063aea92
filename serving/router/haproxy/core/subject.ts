// What a group of steps is about.

export type Subject =
  /** Keys, versions, replicas and route of an endpoint. */
  | { readonly kind: "endpoint"; readonly name: string }
  /** Route, keys and targets of an endpoint that is not served any more. */
  | { readonly kind: "removedEndpoint"; readonly name: string }
  /** Backends of a version that is not served any more. */
  | { readonly kind: "removedVersion"; readonly versionKey: string }
  | { readonly kind: "removedReplica"; readonly versionKey: string; readonly replica: string }
  /** Another router. */
  | { readonly kind: "peer" | "removedPeer"; readonly address: string }
  /** The answer of `/readyz`. */
  | { readonly kind: "readiness" };

/** As the log names it. */
export function describeSubject(subject: Subject): string {
  switch (subject.kind) {
    case "endpoint":
      return `endpoint ${subject.name}`;
    case "removedEndpoint":
      return `removed endpoint ${subject.name}`;
    case "removedVersion":
      return `removed version ${subject.versionKey}`;
    case "removedReplica":
      return `removed replica ${subject.versionKey}/${subject.replica}`;
    case "peer":
      return `peer ${subject.address}`;
    case "removedPeer":
      return `removed peer ${subject.address}`;
    case "readiness":
      return "readiness";
  }
}
