// The contract of a dynamic resource: what an engine may ask of it, in plain values and without Pulumi's types.
import { type CheckFailure } from "./check-failures";

/**
 * One dynamic resource. Each `provider/<resource>/operations.ts` exports one as `operations`; a shell translates between
 * it and an engine. Unknown values arrive as `UNKNOWN`, secrets as plain values. `create` and `update` throw an
 * `InitFailed` when something was made that the state must keep; any other error leaves the state as it was.
 */
export interface ResourceOperations<Inputs extends object, Outputs extends object> {
  /** Takes the stack's configuration, once and before anything else. */
  configure?(config: StackConfiguration): void;
  /** Adds defaults and validates. `olds` are the last inputs, `{}` before the first. */
  check(olds: object, news: object): Promise<CheckResult<Inputs>>;
  /** Compares the last outputs with checked inputs, and with what is live. */
  diff(id: string, olds: Outputs, news: Inputs): Promise<DiffResult>;
  create(inputs: Inputs): Promise<CreateResult<Outputs>>;
  /** The state as it is live. Absent: the state is all there is. */
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
  /** They are what their type says once there are no failures. */
  readonly inputs: Inputs;
  readonly failures: CheckFailure[];
}

export interface DiffResult {
  readonly changes: boolean;
  /** Properties whose change makes another object: the resource is replaced. */
  readonly replaces?: string[];
  /** What is replaced has a place that only one can have: the old one goes first. */
  readonly deleteBeforeReplace?: boolean;
}

export interface CreateResult<Outputs> {
  readonly id: string;
  readonly outs: Outputs;
}

export interface ReadResult<Outputs> {
  /** Empty when the resource is gone. */
  readonly id: string;
  readonly props?: Outputs;
  /** Inputs as they are live: where they differ from the program's, a preview shows it. */
  readonly inputs?: object;
}

export interface UpdateResult<Outputs> {
  readonly outs: Outputs;
}
