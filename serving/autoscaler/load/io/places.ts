// Who has a connection to the metrics channel: routers' pods only, and few of those that haven't shown a token.

import type { Socket } from "node:net";
import { log } from "../../../../runtime/log";

/** Connections from one router's pod: one is in use, a second for an agent that starts while the first is found dead. */
const MAX_PER_ADDRESS = 4;
/** Milliseconds between two log lines about callers that are no routers. */
const LOG_MS = 60_000;

export class Places {
  readonly #isRouterAt: (address: string) => boolean;
  readonly #monotonicMs: () => number;
  /** By address, oldest first; true: a token was accepted. */
  readonly #taken = new Map<string, Map<Socket, boolean>>();
  #strangers = 0;
  #loggedMs = -Infinity;

  constructor(isRouterAt: (address: string) => boolean, monotonicMs: () => number) {
    this.#isRouterAt = isRouterAt;
    this.#monotonicMs = monotonicMs;
  }

  /** Closes the connection of a stranger at once, and that of a router with too many, oldest unproven ones first. */
  admit(socket: Socket, address: string): void {
    if (!this.#isRouterAt(address)) {
      socket.destroy();
      this.#count(address);
      return;
    }
    const sockets = this.#taken.get(address) ?? new Map<Socket, boolean>();
    this.#taken.set(address, sockets.set(socket, false));
    socket.once("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) this.#taken.delete(address);
    });
    if (sockets.size <= MAX_PER_ADDRESS) return;
    const [unproven = socket] = [...sockets].find(([, isProven]) => !isProven) ?? [];
    unproven.destroy();
  }

  /** The connection showed its pod's token. */
  prove(socket: Socket): void {
    for (const sockets of this.#taken.values()) {
      if (sockets.has(socket)) sockets.set(socket, true);
    }
  }

  #count(address: string): void {
    this.#strangers += 1;
    const nowMs = this.#monotonicMs();
    if (nowMs - this.#loggedMs < LOG_MS) return;
    const callers = { connections: this.#strangers, last: address };
    log("warning", "closed metrics connections from addresses that no router has", callers);
    this.#loggedMs = nowMs;
    this.#strangers = 0;
  }
}
