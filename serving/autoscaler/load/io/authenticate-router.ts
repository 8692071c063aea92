// Authenticates a router's token by TokenReview.

import { explainError } from "../../../../runtime/log";
import { SAMPLES_AUDIENCE } from "../../../../contracts/metrics-channel/router-sample";
import { collectionPath } from "../../../../kubernetes/core/object-path";
import { type ApiClient, describeFailure } from "../../../../kubernetes/io/api-client";

export type Authentication =
  | {
      readonly ok: true;
      /** The pod that the token is bound to. */
      readonly pod: BoundPod;
    }
  | { readonly ok: false; readonly status: 401 | 503; readonly message: string };

export interface BoundPod {
  readonly name: string;
  readonly uid: string;
}

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly audiences?: readonly string[];
    readonly user?: {
      readonly username?: string;
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    };
  };
}

const TOKEN_REVIEWS = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview" };

/** Keys of the TokenReview's user extra that hold the pod of a projected token. */
const POD_EXTRA = {
  name: "authentication.kubernetes.io/pod-name",
  uid: "authentication.kubernetes.io/pod-uid",
} as const;

/**
 * Accepts only tokens of `username` with the audience SAMPLES_AUDIENCE that are bound to a pod. Status 401: the token is
 * rejected; 503: the API server could not review it.
 */
export async function authenticateRouter(
  client: ApiClient,
  token: string,
  username: string,
): Promise<Authentication> {
  let response;
  try {
    response = await client.request({
      method: "POST",
      path: collectionPath(TOKEN_REVIEWS),
      body: { ...TOKEN_REVIEWS, spec: { token, audiences: [SAMPLES_AUDIENCE] } },
    });
  } catch (error) {
    return { ok: false, status: 503, message: explainError(error) };
  }
  if (response.status !== 201 && response.status !== 200) {
    return { ok: false, status: 503, message: describeFailure(response) };
  }
  const { status } = response.body as TokenReview;
  if (status?.authenticated !== true || !(status.audiences ?? []).includes(SAMPLES_AUDIENCE)) {
    return { ok: false, status: 401, message: "the token is not valid for this channel" };
  }
  if (status.user?.username !== username) {
    return {
      ok: false,
      status: 401,
      message: `the token must belong to ${username}: it belongs to ${status.user?.username ?? "nobody"}`,
    };
  }
  const name = status.user.extra?.[POD_EXTRA.name]?.[0];
  const uid = status.user.extra?.[POD_EXTRA.uid]?.[0];
  if (name === undefined || uid === undefined) {
    return { ok: false, status: 401, message: "the token must be bound to a pod: it is not" };
  }
  return { ok: true, pod: { name, uid } };
}
