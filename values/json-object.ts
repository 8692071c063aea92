// An object with names, as it comes from outside: what its values are is not known yet.

export type JsonObject = Readonly<Record<string, unknown>>;
