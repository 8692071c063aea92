// How arguments are read that may be given late: as Outputs or promises, at any level.
import * as pulumi from "@pulumi/pulumi";
import { isLater, readLater } from "../engine/inputs";

/** What `pick` makes of the value: at once when it is there, else once it has come. Null is absent. */
export function from<T, X>(
  given: pulumi.Input<T> | undefined,
  pick: (value: T | undefined) => pulumi.Input<X>,
): pulumi.Input<X> {
  if (!isLater(given)) return pick(given);
  const late: pulumi.Output<unknown> = pulumi.output(given as unknown);
  const picked = late.apply((value) => pick((value ?? undefined) as T | undefined) as unknown);
  return picked as pulumi.Output<X>;
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
  return isLater(given) ? declareLate(component, path, given, declare) : declare(given);
}

async function declareLate<T, Each>(
  component: pulumi.Resource,
  path: string,
  given: pulumi.Input<T>,
  declare: (value: T) => readonly Each[],
): Promise<readonly Each[]> {
  const late = await readLater<T>(given);
  if (!late.isKnown) {
    const sentence = `${path} is not known in this preview: what is declared from it is not shown, or shown as deleted; the update knows it`;
    await pulumi.log.warn(sentence, component);
    return [];
  }
  return late.value === undefined || late.value === null ? [] : declare(late.value);
}

/** The items of a list. What came late as something else has none: its validation says so. */
export function itemsOf<T>(list: readonly T[] | undefined): readonly T[] {
  return Array.isArray(list)
    ? (list as readonly T[]).filter((each) => each !== undefined && each !== null)
    : [];
}
