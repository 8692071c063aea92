// The mark on a Kubernetes object that names its owner: one component of one stack.

/** Annotation of every object that belongs to one component alone. */
export const OWNER_ANNOTATION = "aml-inference.io/owner";

/** Between an owner and the stack that it hands its objects over to. */
const HANDED_OVER = " -> ";

export interface OwnerMark {
  /** `<organization>/<project>/<stack> <class of the component> <name>`. */
  readonly owner: string;
  /** `<organization>/<project>/<stack>`. */
  readonly stack: string;
  /** Class and name of the component, e.g. `AmlInferenceRouter fe`. */
  readonly component: string;
  /** The stack that may take the object over. */
  readonly handedOverTo?: string;
}

/** @param component class and name, e.g. `AmlInferenceRouter fe` */
export function ownerOf(stack: string, component: string): string {
  return `${stack} ${component}`;
}

/** The annotation's value. */
export function markOf(owner: string, handedOverTo?: string): string {
  return handedOverTo === undefined ? owner : `${owner}${HANDED_OVER}${handedOverTo}`;
}

/** Undefined for an object without a mark. */
export function parseMark(value: string | undefined): OwnerMark | undefined {
  if (value === undefined || value === "") return undefined;
  const at = value.lastIndexOf(HANDED_OVER);
  const owner = at < 0 ? value : value.slice(0, at);
  const space = owner.indexOf(" ");
  const [stack, component] =
    space < 0 ? [owner, ""] : [owner.slice(0, space), owner.slice(space + 1)];
  const mark = { owner, stack, component };
  return at < 0 ? mark : { ...mark, handedOverTo: value.slice(at + HANDED_OVER.length) };
}

interface MarkedObject {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

export function markOn({ metadata }: MarkedObject): OwnerMark | undefined {
  return parseMark(metadata.annotations?.[OWNER_ANNOTATION]);
}

/**
 * Whether the object has another's mark than `mark`, an annotation's value. Without one, every mark is another's: a
 * resource that sets marks records its own.
 */
export function belongsToAnother(object: MarkedObject, mark: string | undefined): boolean {
  const found = markOn(object);
  return found !== undefined && found.owner !== parseMark(mark)?.owner;
}
