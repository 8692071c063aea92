// Who has a connection to the metrics channel: routers' pods only, and few of those that haven't shown a token.

import type { Socket } from "node:net";
import { log } from "../../../../runtime/log";

/** Connections from one router's pod: one is in use, a second for an agent that starts while the first is found dead. */
const MAX_PER_ADDRESS = 4;
/** Milliseconds in which a connection shows its certificate and its token. */
const PROOF_MS = 15_000;
/** Milliseconds between two log lines of one kind about callers that are no routers. */
const LOG_MS = 60_000;

interface Place {
  readonly port: number | undefined;
  /** Undefined: the token was accepted. */
  deadline: NodeJS.Timeout | undefined;
}

export class Places {
  readonly #isRouterAt: (address: string) => boolean;
  readonly #monotonicMs: () => number;
  /** By address, oldest first. */
  readonly #taken = new Map<string, Map<Socket, Place>>();
  readonly #told = new Map<string, { connections: number; loggedMs: number }>();

  constructor(isRouterAt: (address: string) => boolean, monotonicMs: () => number) {
    this.#isRouterAt = isRouterAt;
    this.#monotonicMs = monotonicMs;
  }

  /** Closes the connection of a stranger at once, and that of a router with too many, oldest unproven ones first. */
  admit(socket: Socket, address: string): void {
    if (!this.#isRouterAt(address)) {
      socket.destroy();
      this.tell("closed metrics connections from addresses that no router has", { last: address });
      return;
    }
    const sockets = this.#taken.get(address) ?? new Map<Socket, Place>();
    const deadline = setTimeout(() => socket.destroy(), PROOF_MS);
    const place: Place = { port: socket.remotePort, deadline };
    this.#taken.set(address, sockets.set(socket, place));
    socket.once("close", () => {
      clearTimeout(place.deadline);
      sockets.delete(socket);
      if (sockets.size === 0) this.#taken.delete(address);
    });
    if (sockets.size <= MAX_PER_ADDRESS) return;
    const unproven = [...sockets].find(([, { deadline: pending }]) => pending !== undefined);
    (unproven?.[0] ?? socket).destroy();
  }

  /** The connection from there showed its pod's token. */
  prove(address: string, port: number | undefined): void {
    for (const place of this.#taken.get(address)?.values() ?? []) {
      if (place.port !== port) continue;
      clearTimeout(place.deadline);
      place.deadline = undefined;
    }
  }

  /** Closes all, those in a handshake, too. */
  close(): void {
    for (const sockets of [...this.#taken.values()]) {
      for (const socket of [...sockets.keys()]) socket.destroy();
    }
  }

  /** Logs once a minute, with how many there were. */
  tell(message: string, last: Readonly<Record<string, string>>): void {
    const nowMs = this.#monotonicMs();
    const told = this.#told.get(message) ?? { connections: 0, loggedMs: -Infinity };
    this.#told.set(message, told);
    told.connections += 1;
    if (nowMs - told.loggedMs < LOG_MS) return;
    log("warning", message, { connections: told.connections, ...last });
    told.connections = 0;
    told.loggedMs = nowMs;
  }
}
