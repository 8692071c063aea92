/** What exists in the stand-in's Azure: resources, and operations under way. */
import { createHash } from "node:crypto";
import type { ArmError } from "./arm-error";
import { idKey } from "./arm-path";
import { type JsonObject, objectAt, withValueAt } from "./json";

export interface StoredResource {
  /** As it was first written. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  /** Everything but id, name and type. */
  readonly body: JsonObject;
  /** Changes with every write. */
  readonly etag: string;
  readonly createdAtMs: number;
  /** How many reads have seen it; a new one may still be unknown to some of Azure's replicas. */
  readonly reads: number;
}

export type OperationVerb = "create" | "update" | "delete";

/** A property that an operation changes at its end. */
export interface Outcome {
  readonly resourceId: string;
  /** Dotted: `properties.currentKubernetesVersion`. */
  readonly path: string;
  readonly value: unknown;
}

export interface Operation {
  readonly id: string;
  readonly resourceId: string;
  readonly verb: OperationVerb;
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  /** Set when the work ends badly. */
  readonly failure?: ArmError;
  /** What is so only once the work has ended well. */
  readonly outcomes?: readonly Outcome[];
  readonly settled: boolean;
}

/** The whole state as JSON, for the file that survives a restart. */
export interface StoreSnapshot {
  readonly nowMs: number;
  readonly writes: number;
  readonly resources: StoredResource[];
  readonly operations: Operation[];
  /** How often each id has been removed. Default: none was. */
  readonly removals?: Readonly<Record<string, number>>;
}

const STATE_DURING: Record<OperationVerb, string> = {
  create: "Creating",
  update: "Updating",
  delete: "Deleting",
};

export class Store {
  readonly #resources = new Map<string, StoredResource>();
  readonly #operations = new Map<string, Operation>();
  readonly #removals = new Map<string, number>();
  #writes = 0;

  get(id: string): StoredResource | undefined {
    return this.#resources.get(idKey(id));
  }

  all(): StoredResource[] {
    return [...this.#resources.values()];
  }

  /** Those of a type (compared without case) whose id lies under `prefix`. */
  list(type: string, prefix = ""): StoredResource[] {
    const under = prefix === "" ? "" : `${idKey(prefix)}/`;
    return this.all().filter(
      (resource) =>
        resource.type.toLowerCase() === type.toLowerCase() && idKey(resource.id).startsWith(under),
    );
  }

  /** Writes a resource and gives it a new ETag. */
  put(id: string, type: string, body: JsonObject, nowMs: number): StoredResource {
    const before = this.get(id);
    const etag = this.#nextEtag(id);
    const stored: StoredResource = {
      id: before?.id ?? id,
      type,
      name: before?.name ?? id.split("/").at(-1) ?? "",
      body,
      etag,
      createdAtMs: before?.createdAtMs ?? nowMs,
      reads: before?.reads ?? 0,
    };
    this.#resources.set(idKey(id), stored);
    return stored;
  }

  /** Removes a resource and all that it holds. */
  remove(id: string): void {
    const key = idKey(id);
    for (const each of [...this.#resources.keys()]) {
      if (each !== key && !each.startsWith(`${key}/`)) continue;
      this.#resources.delete(each);
      this.#removals.set(each, this.removals(each) + 1);
    }
  }

  /** How many resources of this id there have been before. */
  removals(id: string): number {
    return this.#removals.get(idKey(id)) ?? 0;
  }

  countRead(id: string): void {
    const resource = this.get(id);
    if (resource) this.#resources.set(idKey(id), { ...resource, reads: resource.reads + 1 });
  }

  /** @param outcomes what is so once the work has ended well */
  begin(
    resourceId: string,
    verb: OperationVerb,
    nowMs: number,
    seconds: number,
    outcomes: readonly Outcome[] = [],
  ): Operation {
    const digest = createHash("sha256")
      .update(`${resourceId} ${verb} ${++this.#writes}`)
      .digest("hex");
    const id = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
    const operation: Operation = {
      id,
      resourceId,
      verb,
      startedAtMs: nowMs,
      endsAtMs: nowMs + seconds * 1000,
      settled: false,
      ...(outcomes.length === 0 ? {} : { outcomes }),
    };
    this.#operations.set(id, operation);
    this.#setState(resourceId, STATE_DURING[verb]);
    return operation;
  }

  operation(id: string): Operation | undefined {
    return this.#operations.get(id);
  }

  /** Operations not yet at their end on a resource, on what it holds, or on what holds it. */
  running(id: string): Operation[] {
    const key = idKey(id);
    return [...this.#operations.values()].filter((operation) => {
      if (operation.settled) return false;
      const other = idKey(operation.resourceId);
      return other === key || other.startsWith(`${key}/`) || key.startsWith(`${other}/`);
    });
  }

  /** Makes the last unfinished operation on a resource end badly. */
  failRunning(id: string, failure: ArmError): void {
    for (const operation of this.running(id)) {
      this.#operations.set(operation.id, { ...operation, failure });
    }
  }

  /** Ends the operations whose time has come; says whether any ended. */
  settle(nowMs: number): boolean {
    const due = [...this.#operations.values()].filter(
      (operation) => !operation.settled && operation.endsAtMs <= nowMs,
    );
    for (const operation of due) {
      this.#operations.set(operation.id, { ...operation, settled: true });
      if (operation.failure) this.#setState(operation.resourceId, "Failed");
      else if (operation.verb === "delete") this.remove(operation.resourceId);
      else {
        for (const outcome of operation.outcomes ?? []) this.#apply(outcome);
        this.#setState(operation.resourceId, "Succeeded");
      }
    }
    return due.length > 0;
  }

  snapshot(nowMs: number): StoreSnapshot {
    return {
      nowMs,
      writes: this.#writes,
      resources: this.all(),
      operations: [...this.#operations.values()],
      removals: Object.fromEntries(this.#removals),
    };
  }

  restore(snapshot: StoreSnapshot): void {
    this.#writes = snapshot.writes;
    this.#resources.clear();
    this.#operations.clear();
    this.#removals.clear();
    for (const [id, count] of Object.entries(snapshot.removals ?? {}))
      this.#removals.set(id, count);
    for (const resource of snapshot.resources) this.#resources.set(idKey(resource.id), resource);
    for (const operation of snapshot.operations) this.#operations.set(operation.id, operation);
  }

  #apply({ resourceId, path, value }: Outcome): void {
    const resource = this.get(resourceId);
    if (!resource) return;
    const body = withValueAt(resource.body, path, value);
    this.#resources.set(idKey(resourceId), { ...resource, body, etag: this.#nextEtag(resourceId) });
  }

  #setState(id: string, state: string): void {
    const resource = this.get(id);
    if (!resource || Object.keys(objectAt(resource.body, "properties")).length === 0) return;
    const body = withValueAt(resource.body, "properties.provisioningState", state);
    this.#resources.set(idKey(id), { ...resource, body, etag: this.#nextEtag(id) });
  }

  #nextEtag(id: string): string {
    return createHash("sha256").update(`${id} ${++this.#writes}`).digest("hex").slice(0, 32);
  }
}
