// Paths and headers of the scoring API, as in Azure ML v1.

/** Path prefix; the endpoint's name and SCORE or SWAGGER follow. */
export const SERVICE_PATH = "/api/v1/service/";
/** The same for v1's endpoints with several versions. */
export const ENDPOINT_PATH = "/api/v1/endpoint/";
export const SCORE = "score";
export const SWAGGER = "swagger.json";

/** In a request: the version that must serve it. In a response: the version that served it. */
export const VERSION_HEADER = "azureml-model-deployment";
