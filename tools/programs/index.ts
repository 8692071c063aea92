// Programs of the operating system: running them, waiting for them, installing them, and reporting progress.
export * from "./capture-output";
export { runProgram } from "./run-program";
export * from "./shell-quote";
export { waitUntil } from "./wait-until";
export { ensureOsPackages, installPackages } from "./os-packages";
export * from "./progress";
export { describeError, runCommand } from "./run-command";
