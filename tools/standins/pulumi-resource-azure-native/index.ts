// The stand-in azure-native plugin's methods, for a process that calls them without the engine.
export { type PluginContext } from "./context";
export { buildId, requireResource } from "./core/resource-table";
export { keepIgnored } from "./core/keep-ignored";
export * from "./io/arm-client";
export { signIn } from "./io/sign-in";
export { check } from "./methods/check";
export { diff as diffByPlugin } from "./methods/diff";
export { diffWithoutEngine as diff } from "./methods/diff-without-engine";
export { invoke } from "./methods/invoke";
export * from "./methods/read";
export { create, update } from "./methods/write";
