// The quickstart: its stack, and what it shows.
export * from "./demonstration";
export { predictFromModelFile } from "./predict-from-model-file";
export { QuickstartStack, type ResourceChanges } from "./quickstart-stack";
export * from "./score";
export { percentile, shareByVersion } from "./summarize";
export * from "./table";
