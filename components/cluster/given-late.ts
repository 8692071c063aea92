// How arguments are read that may be given late: as Outputs or promises, at any level.
import * as pulumi from "@pulumi/pulumi";
import { isKnown } from "../engine/known-output";

/** Whether the value itself comes late; what is inside of a plain object or list may come late all the same. */
export function isLate(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** What `pick` makes of the value: at once when it is there, else once it has come. Null is absent. */
export function from<T, X>(
  given: pulumi.Input<T> | undefined,
  pick: (value: T | undefined) => pulumi.Input<X>,
): pulumi.Input<X> {
  if (!isLate(given)) return pick(given as T | undefined);
  const late: pulumi.Output<unknown> = pulumi.output(given as unknown);
  const picked = late.apply((value) => pick((value ?? undefined) as T | undefined) as unknown);
  return picked as pulumi.Output<X>;
}

/** The value, or the default when it is absent or comes as nothing. */
export function orDefault<T>(given: pulumi.Input<T> | undefined, otherwise: T): pulumi.Input<T> {
  return from(given, (value) => value ?? otherwise);
}

/** What was declared, now or once the value has come. */
export type Declared<T> = readonly T[] | Promise<readonly T[]>;

/**
 * Declares resources from a value that decides which there are. What comes late is declared once it is known. A preview
 * that does not know it yet shows none of them, and says so.
 * @param path path of the argument, for the warning
 * @returns what was declared; nothing when the value is absent or unknown
 */
export function declareFrom<T, Each>(
  component: pulumi.Resource,
  path: string,
  given: pulumi.Input<T> | undefined,
  declare: (value: T) => readonly Each[],
): Declared<Each> {
  if (given === undefined) return [];
  return isLate(given) ? declareLate(component, path, given, declare) : declare(given as T);
}

async function declareLate<T, Each>(
  component: pulumi.Resource,
  path: string,
  given: pulumi.Input<T>,
  declare: (value: T) => readonly Each[],
): Promise<readonly Each[]> {
  const late = pulumi.output(given as unknown);
  if (!(await isKnown(late))) {
    const sentence = `${path} is not known in this preview: what is declared from it is not shown, or shown as deleted; the update knows it`;
    await pulumi.log.warn(sentence, component);
    return [];
  }
  const value = await valueOf(late);
  return value === undefined || value === null ? [] : declare(value as T);
}

/** Every Output has it; its published type leaves it out. */
function valueOf(output: pulumi.Output<unknown>): Promise<unknown> {
  return (output as unknown as { promise(): Promise<unknown> }).promise();
}

/** The items of a list. What came late as something else has none: its validation says so. */
export function itemsOf<T>(list: readonly T[] | undefined): readonly T[] {
  return Array.isArray(list)
    ? (list as readonly T[]).filter((each) => each !== undefined && each !== null)
    : [];
}
