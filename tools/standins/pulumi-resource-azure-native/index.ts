// The stand-in azure-native plugin's methods, for a process that calls them without the engine.
export * from "./context";
export * from "./core/resource-table";
export * from "./io/arm-client";
export * from "./io/sign-in";
export * from "./methods/diff";
export * from "./methods/read";
export * from "./methods/write";
