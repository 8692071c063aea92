/** A list's answer in pages, with the address of the next one. */
import type { ArmRequest } from "./rule";

/** Resources on one page: few, so that tests see more than one. */
const PAGE_SIZE = 5;

/** The page that the request's `$skip` asks for. */
export function pageOf<T>(
  all: readonly T[],
  base: string,
  { path, query }: ArmRequest,
): { value: readonly T[]; nextLink?: string } {
  const from = Number(query.get("$skip") ?? 0);
  const value = all.slice(from, from + PAGE_SIZE);
  if (from + PAGE_SIZE >= all.length) return { value };
  const version = query.get("api-version") ?? "";
  const skip = `$skip=${from + PAGE_SIZE}`;
  return { value, nextLink: `${base}${path.text}?api-version=${version}&${skip}` };
}
