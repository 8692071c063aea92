/** The writes that callers asked for, with what they sent. */
import type { JsonObject } from "./json";

export interface SeenWrite {
  readonly method: "PUT" | "PATCH" | "DELETE";
  /** The path, without query. */
  readonly id: string;
  /** As it was sent; empty for a deletion. */
  readonly body: JsonObject;
  /** Of the answer: above 399 when it was refused. */
  readonly status: number;
}

export class WriteLog {
  #writes: SeenWrite[] = [];

  add(method: string, id: string, body: JsonObject, status: number): void {
    if (method === "PUT" || method === "PATCH" || method === "DELETE") {
      this.#writes.push({ method, id, body, status });
    }
  }

  /** All since the start or the last `clear()`, the first one first. */
  get all(): readonly SeenWrite[] {
    return this.#writes;
  }

  /** Those of one resource; ids have no case. */
  of(id: string): SeenWrite[] {
    return this.#writes.filter((write) => write.id.toLowerCase() === id.toLowerCase());
  }

  clear(): void {
    this.#writes = [];
  }
}
