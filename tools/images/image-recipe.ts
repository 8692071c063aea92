// What an image built without Docker consists of.
import type { Report } from "../programs";

/** How a container of the image starts, in the terms of the OCI image configuration. */
export interface ImageConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** `uid` or `uid:gid`. */
  readonly user?: string;
  readonly workingDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly exposedPorts?: readonly number[];
}

export interface ImageRecipe {
  /** The full name with tag, e.g. docker.io/library/haproxy:3.4. */
  readonly name: string;
  /** The stock image by digest, e.g. haproxy:3.4.5@sha256:…, in whose place ours runs: pods that name it get ours. */
  readonly standsFor?: string;
  /** Everything that decides the result; the same inputs are built once. */
  readonly inputs: readonly (string | Buffer)[];
  readonly config: ImageConfig;
  /** Fills the empty folder `root` with the image's files; `scratch` does not exist and may be made. */
  readonly build: (root: string, scratch: string, report: Report) => Promise<void>;
}
