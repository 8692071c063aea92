// Container images, built without a container engine.
export { buildImage } from "./build-image";
export { haproxyRecipe } from "./haproxy-image";
export * from "./haproxy-program";
export { nodeRecipe } from "./node-image";
export { archiveDigest } from "./oci-archive";
export * from "./pause-image";
export * from "./quickstart-model-image";
