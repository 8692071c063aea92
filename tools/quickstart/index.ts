// The quickstart: its stack, and what it shows.
export * from "./demonstration";
export { predictFromModelFile, removePredictionPods } from "./predict-from-model-file";
export { planStop, type StopPlan, type StopSituation } from "./core/plan-stop";
export { withStartLock, withStopLock } from "./quickstart-lock";
export { forgetQuickstart, QuickstartStack, type ResourceChanges } from "./quickstart-stack";
export { locateStack, quickstartBackend, type LocatedStack } from "./stack-record";
export * from "./score";
export { percentile, shareByVersion } from "./summarize";
export * from "./table";
