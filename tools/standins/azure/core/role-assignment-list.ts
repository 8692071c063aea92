/** Which role assignments a list at a scope shows. */
import { type ArmError, badRequest } from "./arm-error";
import { idKey } from "./arm-path";
import { textAt } from "./json";
import type { StoredResource } from "./store";

/** A condition of `$filter`. */
type Condition = (assignment: StoredResource) => boolean;

/**
 * The assignments that apply at a scope: those of the scope itself, of what holds it and of what it holds, as far as
 * the filter lets them through.
 *
 * @param filter `atScope()`, `principalId eq '<id>'`, `assignedTo('<id>')`, joined by `and`; empty: all
 */
export function assignmentsAtScope(
  all: readonly StoredResource[],
  scope: string,
  filter: string,
): { ok: true; assignments: StoredResource[] } | { ok: false; error: ArmError } {
  const here = idKey(scope);
  const texts = filter.split(/\s+and\s+/i).filter((text) => text.trim() !== "");
  const conditions = texts.map((text) => conditionOf(text.trim(), here));
  if (conditions.includes(undefined)) {
    return {
      ok: false,
      error: badRequest("BadRequest", `The filter '${filter}' is not supported.`),
    };
  }
  const holds = (assignment: StoredResource) =>
    conditions.every((condition) => condition?.(assignment) === true);
  const assignments = all.filter((each) => {
    const there = scopeOf(each.id);
    return (isAbove(there, here) || isAbove(here, there)) && holds(each);
  });
  return { ok: true, assignments };
}

function conditionOf(text: string, here: string): Condition | undefined {
  if (/^atScope\(\)$/i.test(text)) return ({ id }) => isAbove(scopeOf(id), here);
  const principal =
    /^principalId\s+eq\s+'([^']*)'$/i.exec(text)?.[1] ??
    /^assignedTo\('([^']*)'\)$/i.exec(text)?.[1];
  if (principal === undefined) return undefined;
  return ({ body }) =>
    textAt(body, "properties.principalId")?.toLowerCase() === principal.toLowerCase();
}

/** True for the same scope and for one that holds the other. */
function isAbove(scope: string, other: string): boolean {
  return other === scope || other.startsWith(`${scope}/`);
}

/** The scope of an assignment's id. */
function scopeOf(id: string): string {
  return idKey(id).split("/providers/microsoft.authorization/")[0] ?? "";
}
