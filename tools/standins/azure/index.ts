// The stand-in Azure, for a process that starts it inside itself.
export * from "./start-azure";
export { type FaultKind, faultKinds } from "./core/faults";
export { isObject, type JsonObject, objectsAt, textAt, valueAt, withValueAt } from "./core/json";
export * from "./core/kubeconfig";
export { type StoredResource } from "./core/store";
export { type SeenWrite } from "./core/write-log";
export { someRegions } from "./core/regions";
export { answerSubscription } from "./core/subscription-answers";
export { createServerCertificate } from "./io/certificate";
