// Constants of contracts/ as Pulumi's input types want them: the same values, without `readonly`.

export type Mutable<Value> = Value extends readonly (infer Element)[]
  ? Mutable<Element>[]
  : Value extends object
    ? { -readonly [Name in keyof Value]: Mutable<Value[Name]> }
    : Value;

/** A deep copy of plain data. */
export function mutableCopy<Value>(value: Value): Mutable<Value> {
  return structuredClone(value) as Mutable<Value>;
}
