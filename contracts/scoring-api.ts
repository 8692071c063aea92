// The addresses and headers by which clients score, as Azure ML v1 has them.

/** Followed by the endpoint's name and SCORE or SWAGGER. */
export const SERVICE_PATH = "/api/v1/service/";
/** The same for v1's endpoints with versions. */
export const ENDPOINT_PATH = "/api/v1/endpoint/";
export const SCORE = "score";
export const SWAGGER = "swagger.json";

/** In a request: the version that must serve it; in a response: the version that did. */
export const VERSION_HEADER = "azureml-model-deployment";
