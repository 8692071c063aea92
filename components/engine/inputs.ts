// Arguments as programs give them: plain, as an Output or a promise, or not at all.
import * as pulumi from "@pulumi/pulumi";
import { withoutNullsInside } from "../../values/without";
import { isKnown } from "./known-output";

/** An argument that may be left out, and may turn out to be left out. */
export type Given<T> = pulumi.Input<T | undefined> | undefined;

/** A value that is there, or comes. */
export type Later<T> = T | Promise<T>;

/** Whether the value comes later: its members aren't there while the program runs. */
export function isLater(given: unknown): given is pulumi.Output<unknown> | Promise<unknown> {
  return pulumi.Output.isInstance(given) || given instanceof Promise;
}

/** What comes later as an Output, whose type is what the arguments' types say. */
export function outputOf<T>(given: unknown): pulumi.Output<T> {
  return pulumi.output(given as string) as unknown as pulumi.Output<T>;
}

/** The argument, or `fallback` where it is or turns out to be undefined or null. */
export function withDefault<T>(given: Given<T>, fallback: T): pulumi.Input<T> {
  if (!isLater(given)) return given ?? fallback;
  return outputOf<T | undefined>(given).apply((known): T => known ?? fallback);
}

/**
 * The argument without members that are undefined or null. An Output that turns out to be undefined is left out of a
 * resource's inputs, so the type doesn't say it.
 */
export function withoutAbsent<T>(given: pulumi.Input<T | undefined>): pulumi.Input<T> {
  if (!isLater(given)) return withoutNullsInside(given) as T;
  const present = (known: T | undefined) => withoutNullsInside(known) ?? undefined;
  return outputOf<T | undefined>(given).apply(present) as pulumi.Output<T>;
}

/** A member of an object that may come later. */
export function memberOf<T extends object, Name extends keyof T>(
  given: Given<T>,
  name: Name,
): T[Name] | undefined {
  if (!isLater(given)) return given?.[name];
  const member = outputOf<T | undefined>(given).apply((known) => known?.[name] ?? undefined);
  // Each member of the arguments takes an Output.
  return member as unknown as T[Name];
}

/** What comes later, once it is there: its value, or that a preview doesn't know it. */
export type Reading<T> =
  { readonly isKnown: true; readonly value: T } | { readonly isKnown: false };

export async function readLater<T>(given: pulumi.Input<T>): Promise<Reading<T>> {
  const output = outputOf<T>(given);
  if (!(await isKnown(output))) return { isKnown: false };
  // Every Output has it; its published type leaves it out.
  const { promise } = output as unknown as { readonly promise: () => Promise<T> };
  return { isKnown: true, value: await promise.call(output) };
}

/** Maps at once what is there. */
export function mapLater<T, R>(value: Later<T>, map: (value: T) => R): Later<R> {
  return value instanceof Promise ? value.then(map) : map(value);
}

/** Maps at once what is there of both. */
export function mapBoth<T, U, R>(
  one: Later<T>,
  other: Later<U>,
  map: (one: T, other: U) => R,
): Later<R> {
  if (!(one instanceof Promise) && !(other instanceof Promise)) return map(one, other);
  return Promise.all([one, other]).then(([known, second]) => map(known, second));
}
