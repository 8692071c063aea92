// Objects of Azure ML v1's router in a cluster.

/** Namespace of v1's router; the v2 extension's own is `azureml` (azureml-semantics 1.6 and 7). */
export const LEGACY_NAMESPACE = "default";
/** Secret with v1's certificate and key, in `cert.pem` and `key.pem`. */
export const LEGACY_SECRET = "azuremlfessl";
