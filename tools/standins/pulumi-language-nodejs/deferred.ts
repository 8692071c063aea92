// A promise that is settled from outside.

/** A promise with its two ends; settling it a second time changes nothing. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: Error): void;
}

/** Makes one that is not settled; nobody has to handle its rejection. */
export function deferred<T>(): Deferred<T> {
  let ends: Omit<Deferred<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    ends = { resolve, reject };
  });
  promise.catch(() => undefined);
  return {
    promise,
    resolve: (value) => ends?.resolve(value),
    reject: (reason) => ends?.reject(reason),
  };
}
