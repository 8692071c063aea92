// What every stand-in for a resource plugin is built from.
export * from "./engine-log";
export * from "./init-failed-error";
export * from "./serve";
export * from "./struct";
export * from "./unique-name";
