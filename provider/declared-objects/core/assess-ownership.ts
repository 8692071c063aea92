// Decides whether a component may declare an object that is live, and says why not.
import { type OwnerMark, parseMark } from "../../../contracts/owner-mark";
import { type ObjectLocator } from "../../../kubernetes/core/kube-object";

/** Who wants to declare the objects. */
export interface Claim {
  /** As in the mark. */
  readonly owner: string;
  /** The owner's names before it was renamed, as the state has them. */
  readonly formerOwners: readonly string[];
  /** The stack that the owner hands its objects over to. */
  readonly handOverTo?: string;
}

/** An object and who owns it. */
export interface OwnedObject {
  readonly locator: ObjectLocator;
  readonly name: string;
  readonly mark: OwnerMark | undefined;
}

/** An object is the claimant's when nobody, the claimant or a former name of it owns it, or when it was handed over to its stack. */
export function mayDeclare(mark: OwnerMark | undefined, { owner, formerOwners }: Claim): boolean {
  return (
    mark === undefined ||
    mark.owner === owner ||
    formerOwners.includes(mark.owner) ||
    mark.handedOverTo === parseMark(owner)?.stack
  );
}

/** One sentence for each other owner: which objects it has, and how they change hands. */
export function refusals(objects: readonly OwnedObject[], claim: Claim): string[] {
  const foreign = objects.flatMap(({ mark, ...object }) =>
    mark === undefined || mayDeclare(mark, claim) ? [] : [{ ...object, mark }],
  );
  const byOwner = new Map(foreign.map(({ mark }) => [mark.owner, mark]));
  return [...byOwner.values()].map((mark) =>
    refusal(
      foreign.filter((object) => object.mark.owner === mark.owner),
      mark,
      claim,
    ),
  );
}

function refusal(
  objects: readonly Omit<OwnedObject, "mark">[],
  mark: OwnerMark,
  claim: Claim,
): string {
  const own = parseMark(claim.owner);
  const names = listed(objects.map(({ locator, name }) => `${locator.kind} ${name}`));
  const namespace = objects.find(({ locator }) => locator.namespace !== undefined)?.locator
    .namespace;
  const where = namespace === undefined ? "" : ` in namespace ${namespace}`;
  const belong = `${names}${where} ${objects.length === 1 ? "belongs" : "belong"} to`;
  const them = objects.length === 1 ? "it" : "them";
  if (mark.stack === own?.stack) {
    const [kind, former] = split(mark.component);
    const alias =
      kind === split(own.component)[0]
        ? `if the component was renamed, give it the option aliases: [{ name: "${former}" }]; otherwise`
        : "they can't both declare it:";
    return `${belong} ${mark.component} of the same stack, not to ${own.component}: ${alias} choose another namespace or name`;
  }
  if (mark.stack === claim.handOverTo) {
    return `${belong} stack ${mark.stack} (${mark.component}) now, as handed over: remove ${own?.component ?? "the component"} from this program, which keeps ${them} in the cluster`;
  }
  const scope = namespace === undefined ? "" : ` --namespace ${namespace}`;
  const targets = objects.map(({ locator, name }) => `${locator.kind.toLowerCase()}/${name}`);
  const command = `kubectl annotate${scope} ${targets.join(" ")} aml-inference.io/owner-`;
  return `${belong} stack ${mark.stack} (${mark.component}), so nothing was changed: choose another namespace or name; or hand ${them} over with handOverTo: "${own?.stack ?? ""}" on ${mark.component} there; or, if that stack no longer exists, run: ${command}`;
}

/** `Service a, Service b and Role c`. */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** Class and name of a component. */
function split(component: string): readonly [kind: string, name: string] {
  const space = component.indexOf(" ");
  return [component.slice(0, space), component.slice(space + 1)];
}
