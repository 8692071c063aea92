// What the tools run other programs with.
export * from "./capture-output";
export * from "./run-program";
export * from "./shell-quote";
export * from "./wait-until";
export * from "./os-packages";
export * from "./progress";
