// Plans the removal of the rules and chains that kube-proxy, kubelet and CNI leave in iptables.

const ownChain = /^(KUBE|CNI)-/;

/**
 * Reads the output of `iptables-save` and returns the input of `iptables-restore --noflush` that
 * removes every chain named KUBE-… or CNI-… and the rules that jump there; empty when there is none.
 * Everything else stays as it is.
 */
export function planFirewallCleanup(saved: string): string {
  const result: string[] = [];
  let table: string | undefined;
  let chains: string[] = [];
  let jumps: string[] = [];
  for (const line of saved.split("\n")) {
    if (line.startsWith("*")) {
      table = line;
      chains = [];
      jumps = [];
    } else if (line.startsWith(":")) {
      const chain = line.slice(1).split(" ")[0] ?? "";
      if (ownChain.test(chain)) chains.push(chain);
    } else if (line.startsWith("-A ")) {
      const chain = line.split(" ")[1] ?? "";
      const withoutComment = line.replace(/"(\\.|[^"\\])*"/g, "");
      const target = / -[jg] (\S+)/.exec(withoutComment)?.[1] ?? "";
      if (!ownChain.test(chain) && ownChain.test(target)) jumps.push(`-D ${line.slice(3)}`);
    } else if (line === "COMMIT" && table !== undefined && chains.length > 0) {
      // `:CHAIN - [0:0]` flushes an existing chain; only empty, unreferenced chains can be deleted.
      result.push(table, ...chains.map((chain) => `:${chain} - [0:0]`), ...jumps);
      result.push(...chains.map((chain) => `-X ${chain}`), "COMMIT", "");
    }
  }
  return result.join("\n");
}
