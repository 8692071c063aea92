// Paths and headers of the scoring API, as in Azure ML v1.

/** Path prefix; the endpoint's name and SCORE or SWAGGER follow. */
export const SERVICE_PATH = "/api/v1/service/";
/** The same for v1's endpoints with several versions. */
export const ENDPOINT_PATH = "/api/v1/endpoint/";
/** GET and HEAD answer 200 while the router serves, else 503, both empty: for probes of load balancers. */
export const PROBE_PATH = "/";
export const SCORE = "score";
export const SWAGGER = "swagger.json";

/** Bytes of a request's body at most: v1's 100 MB (azureml-semantics, row 50). */
export const MAX_BODY_BYTES = 100 * 1024 * 1024;

/** In a request: the version that must serve it. In a response: the version that served it. */
export const VERSION_HEADER = "azureml-model-deployment";

/** Port of Azure ML's inference images (azureml-semantics, row 63). */
export const MODEL_PORT = 5001;
