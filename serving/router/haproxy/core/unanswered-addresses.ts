// Reads from the kernel's list of connections which hosts don't acknowledge any more what they are sent.

/**
 * Retransmissions without an acknowledgement after which a host has vanished. The kernel's first waits for 0.2 s, each
 * further one for twice as long: 25 s in all.
 */
const RETRANSMISSIONS = 7;

/** States in which sent data may be without acknowledgement: established, FIN_WAIT1, CLOSE_WAIT. */
const OPEN = new Set(["01", "04", "08"]);

/**
 * Remote `address:port` of each connection whose data has been retransmitted RETRANSMISSIONS times. A host that
 * acknowledges, but doesn't read, is not among them: its connection's timer is another one.
 * @param table text of /proc/net/tcp (proc_net_tcp in the kernel's documentation)
 */
export function unansweredAddresses(table: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of table.split("\n").slice(1)) {
    const [, , remote = "", state = "", , timer = "", retransmissions = ""] = line
      .trim()
      .split(/\s+/);
    const retransmits = timer.startsWith("01:");
    if (!OPEN.has(state) || !retransmits) continue;
    if (Number.parseInt(retransmissions, 16) >= RETRANSMISSIONS) found.add(readAddress(remote));
  }
  return found;
}

/** `0100007F:1388` is 127.0.0.1:5000: the address in the machine's byte order, which is little-endian wherever we run. */
function readAddress(text: string): string {
  const [address = "", port = ""] = text.split(":");
  const bytes = address.match(/../g) ?? [];
  return `${bytes
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join(".")}:${Number.parseInt(port, 16)}`;
}
