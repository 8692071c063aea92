// How many names namespaces may claim: all claims are in one ConfigMap, and nobody may fill it for the others.
import { declaredKey, type NameClaims } from "./name-claims";

/** Of the 1.5 MB that Kubernetes keeps of an object. */
const MAX_BYTES = 1_400_000;

/** What a claim takes: Kubernetes writes its key twice, once to remember who manages it. */
function bytesOf(name: string, namespace: string): number {
  return 2 * declaredKey(name).length + namespace.length + 16;
}

/**
 * The room beside the claims that there are, which stay whatever they take. Half of it is for those who come first: a
 * namespace may have as much of that half as it leaves free. The other half is divided: each namespace may have its share,
 * whatever others have.
 */
export class ClaimRoom {
  readonly #namespaces: number;
  readonly #used = new Map<string, number>();
  #total = 0;

  /** @param namespaces how many the router serves */
  constructor({ declared, seen }: NameClaims, namespaces: number) {
    this.#namespaces = namespaces;
    for (const claims of [declared, seen]) {
      for (const [name, namespace] of claims) this.#add(namespace, bytesOf(name, namespace));
    }
  }

  /** Whether the namespace may claim one name more, which then counts. */
  take(name: string, namespace: string): boolean {
    const bytes = bytesOf(name, namespace);
    const own = (this.#used.get(namespace) ?? 0) + bytes;
    const half = MAX_BYTES / 2;
    const share = Math.max(half - this.#total - bytes, half / this.#namespaces);
    return own <= share && this.holds(name, namespace);
  }

  /** Whether the ConfigMap holds one name more, which then counts. */
  holds(name: string, namespace: string): boolean {
    const bytes = bytesOf(name, namespace);
    if (this.#total + bytes > MAX_BYTES) return false;
    this.#add(namespace, bytes);
    return true;
  }

  #add(namespace: string, bytes: number): void {
    this.#used.set(namespace, (this.#used.get(namespace) ?? 0) + bytes);
    this.#total += bytes;
  }
}
