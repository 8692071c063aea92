// Container images, built without a container engine.
export * from "./build-image";
export * from "./haproxy-image";
export * from "./haproxy-program";
export * from "./node-image";
export * from "./oci-archive";
export * from "./pause-image";
export * from "./quickstart-model-image";
