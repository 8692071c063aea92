// The checkout itself: where it and what it makes are, and one process at a time in it.
export * from "./directories";
export * from "./process-lock.mjs";
