// The contract of a dynamic resource: the operations that an engine calls, with plain values and without Pulumi's types.
import { type CheckFailure } from "./check-failures";

/**
 * One dynamic resource. Each `provider/<resource>/operations.ts` exports one as `operations`; a shell translates between
 * it and an engine. Unknown values arrive as `UNKNOWN`, secrets as plain values. `create` and `update` throw an
 * `InitFailed` when they created something that the state must record; any other error leaves the state unchanged.
 */
export interface ResourceOperations<Inputs extends object, Outputs extends object> {
  /** Receives the stack's configuration; called once, before any other operation. */
  configure?(config: StackConfiguration): void;
  /** Adds defaults and validates. `olds` are the last inputs, or `{}` for a new resource. */
  check(olds: object, news: object): Promise<CheckResult<Inputs>>;
  /** Compares the last outputs with checked inputs and with the live state. */
  diff(id: string, olds: Outputs, news: Inputs): Promise<DiffResult>;
  create(inputs: Inputs): Promise<CreateResult<Outputs>>;
  /** Reads the live state. Absent where nothing exists outside the state. */
  read?(id: string, props?: Outputs): Promise<ReadResult<Outputs>>;
  /** Absent where `diff` never finds a change. */
  update?(id: string, olds: Outputs, news: Inputs): Promise<UpdateResult<Outputs>>;
  /** Absent where nothing is left to delete. */
  delete?(id: string, props: Outputs): Promise<void>;
}

export interface StackConfiguration {
  /** @param key with its namespace: `azure-native:tenantId` */
  get(key: string): string | undefined;
}

export interface CheckResult<Inputs> {
  /** They match their type only when there are no failures. */
  readonly inputs: Inputs;
  readonly failures: CheckFailure[];
}

export interface DiffResult {
  readonly changes: boolean;
  /** Properties whose change replaces the resource. */
  readonly replaces?: string[];
  /** Whether the old resource must be deleted first, because both can't exist at once. */
  readonly deleteBeforeReplace?: boolean;
}

export interface CreateResult<Outputs> {
  readonly id: string;
  readonly outs: Outputs;
}

export interface ReadResult<Outputs> {
  /** Empty when the resource no longer exists. */
  readonly id: string;
  readonly props?: Outputs;
  /** Live inputs; a preview shows where they differ from the program's. */
  readonly inputs?: object;
}

export interface UpdateResult<Outputs> {
  readonly outs: Outputs;
}
