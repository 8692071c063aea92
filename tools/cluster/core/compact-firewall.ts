// Reduces what iptables-save prints to what decides about packets, so that two outputs can be compared.

/**
 * `table line` for each rule, each chain of somebody's own and each policy that is not ACCEPT.
 * Counters, comments and the order of tables do not matter; an empty table is the same as none.
 */
export function compactFirewall(saved: string): string[] {
  const tables = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of saved.split("\n")) {
    if (line.startsWith("*")) {
      lines = [];
      tables.set(line.slice(1), lines);
    } else if (line.startsWith(":")) {
      const [chain = "", policy = ""] = line.slice(1).split(" ");
      if (policy !== "ACCEPT") lines.push(`:${chain} ${policy}`);
    } else if (line.startsWith("-")) {
      lines.push(line);
    }
  }
  return [...tables.keys()].sort().flatMap((table) => {
    const content = tables.get(table) ?? [];
    return content.map((line) => `${table} ${line}`);
  });
}
