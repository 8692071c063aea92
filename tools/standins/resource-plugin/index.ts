// What every stand-in for a resource plugin is built from.
export * from "./engine-log";
export * from "./init-failed-error";
export { servePlugin, unimplemented } from "./serve";
export * from "./struct";
export * from "./unique-name";
