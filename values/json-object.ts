// A JSON object whose values are not validated yet.

export type JsonObject = Readonly<Record<string, unknown>>;
