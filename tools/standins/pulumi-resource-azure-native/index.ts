// The stand-in azure-native plugin's methods, for a process that calls them without the engine.
export { type PluginContext } from "./context";
export { buildId, requireResource } from "./core/resource-table";
export * from "./io/arm-client";
export { signIn } from "./io/sign-in";
export { diffWithoutEngine as diff } from "./methods/diff-without-engine";
export * from "./methods/read";
export { create, update } from "./methods/write";
