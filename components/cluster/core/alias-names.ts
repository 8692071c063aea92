// The former names of a component, from the aliases in its options.
import { isRecord } from "../../../values/is-record";

/** The names among a component's aliases, which may be names or URNs. */
export function namesInAliases(aliases: readonly unknown[] = []): readonly string[] {
  return aliases.flatMap((alias) => {
    if (typeof alias === "string") return [alias.split("::").at(-1) ?? ""];
    const name = isRecord(alias) ? alias["name"] : undefined;
    return typeof name === "string" ? [name] : [];
  });
}
