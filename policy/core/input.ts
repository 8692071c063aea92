// Reads what a resource was declared with, whatever its shape: what isn't known yet stops the judgement that needs it.
import { isRecord } from "../../values/is-record";
import { UNKNOWN } from "../../values/unknown";

/** What `pulumi policy analyze` shows for a secret that it can't decrypt. */
const REDACTED = "[secret]";

/** A value that a judgement needs and that nobody can read now. */
export class Unread extends Error {
  constructor(
    readonly path: string,
    readonly why: string,
  ) {
    super(`${path} ${why}`);
  }
}

/** A value and where it stands. Members of what isn't there, or has another shape, are absent. */
export class Input {
  readonly #value: unknown;

  constructor(
    value: unknown,
    readonly path = "",
  ) {
    this.#value = value;
  }

  /** The value itself. @throws Unread where it isn't known */
  get value(): unknown {
    if (this.#value === UNKNOWN) {
      throw new Unread(
        this.path || "all of it",
        "isn't known in this preview: the update judges it",
      );
    }
    if (this.#value === REDACTED) {
      throw new Unread(this.path || "all of it", "is a secret that can't be read here");
    }
    return this.#value ?? undefined;
  }

  get isAbsent(): boolean {
    return this.value === undefined;
  }

  at(...names: readonly string[]): Input {
    return names.reduce<Input>((input, name) => input.#member(name), this);
  }

  /** Undefined also for a number and the like: the component's own validation refuses those. */
  get text(): string | undefined {
    const { value } = this;
    return typeof value === "string" ? value : undefined;
  }

  get number(): number | undefined {
    const { value } = this;
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  }

  get boolean(): boolean | undefined {
    const { value } = this;
    return typeof value === "boolean" ? value : undefined;
  }

  /** The elements of a list; none of anything else. */
  get items(): readonly Input[] {
    const { value } = this;
    if (!Array.isArray(value)) return [];
    return value.map((item: unknown, index) => new Input(item, `${this.path}[${index}]`));
  }

  /** The members of an object; none of anything else. */
  get entries(): readonly (readonly [name: string, member: Input])[] {
    const { value } = this;
    return isRecord(value) ? Object.keys(value).map((name) => [name, this.#member(name)]) : [];
  }

  /** The value, with `UNKNOWN` inside where it isn't known. */
  get raw(): unknown {
    return this.#value;
  }

  #member(name: string): Input {
    const { value } = this;
    const path = this.path === "" ? name : `${this.path}.${name}`;
    // A member is its own only: nothing is called `constructor`.
    const member = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return new Input(member, path);
  }
}
