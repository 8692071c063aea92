/** The plugin's methods over the kinds of resources. */
import { isDeepStrictEqual } from "node:util";
import {
  CheckFailure,
  type CheckRequest,
  CheckResponse,
  type CreateRequest,
  CreateResponse,
  type DiffRequest,
  DiffResponse,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { makeSecret, type PropertyMap, stripSecretsOf } from "../property-value";
import { unimplemented, fromStruct, toStruct } from "../resource-plugin";
import { checkInputs } from "./check-inputs";
import {
  isReadyForRenewal,
  type ResourceKind,
  resourceKinds,
  secretMembers,
} from "./resource-kind";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const renewalKey = "readyForRenewal";

export function check(request: CheckRequest): CheckResponse {
  kindOf(request);
  const response = new CheckResponse();
  response.setInputs(request.getNews());
  const failures = checkInputs(stripSecretsOf(fromStruct(request.getNews())));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

/** Inputs against those of the state; a certificate that should be renewed counts as changed. */
export function diff(request: DiffRequest, now: Date): DiffResponse {
  const kind = kindOf(request);
  const state = { ...kind.defaults, ...stripSecretsOf(fromStruct(request.getOlds())) };
  const news = { ...kind.defaults, ...stripSecretsOf(fromStruct(request.getNews())) };
  const ignored = request.getIgnorechangesList();
  const differs = (key: string) =>
    !ignored.includes(key) && !isDeepStrictEqual(state[key] ?? undefined, news[key] ?? undefined);
  const replaces = kind.replacing.filter(differs);
  const updates = kind.updating.filter(differs);
  if (replaces.length === 0 && isReadyForRenewal(state, news["earlyRenewalHours"], now)) {
    replaces.push(renewalKey);
  }
  const response = new DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  const computed = replaces.length > 0 && kind.listsComputed ? ["id", ...kind.computed] : [];
  const diffs = [...replaces, ...updates, ...computed];
  response.setChanges(diffs.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList(replaces);
  response.setDiffsList(diffs);
  return response;
}

export async function create(request: CreateRequest, now: Date): Promise<CreateResponse> {
  const kind = kindOf(request);
  const inputs = stripSecretsOf(fromStruct(request.getProperties()));
  const complete = { ...kind.defaults, ...inputs };
  const response = new CreateResponse();
  if (request.getPreview()) {
    const made = Object.fromEntries(kind.computed.map((key) => [key, unknown]));
    response.setProperties(toStruct(withSecrets({ ...complete, ...made })));
    return response;
  }
  const { id, outputs } = await kind.make(complete, now);
  response.setId(id);
  response.setProperties(toStruct(withSecrets({ ...complete, ...outputs, id })));
  return response;
}

/** There is nothing outside of the state; time alone changes something in it. */
export function read(request: ReadRequest, now: Date): ReadResponse {
  kindOf(request);
  const state = fromStruct(request.getProperties());
  if (Object.keys(state).length === 0) {
    throw unimplemented(
      "the stand-in for the tls plugin can't import: nothing but the state holds a key",
    );
  }
  const isDue = renewalKey in state && isReadyForRenewal(state, state["earlyRenewalHours"], now);
  const response = new ReadResponse();
  response.setId(request.getId());
  response.setProperties(toStruct(isDue ? { ...state, [renewalKey]: true } : state));
  response.setInputs(request.getInputs());
  return response;
}

/** Takes over the inputs that can change in place. */
export function update(request: UpdateRequest): UpdateResponse {
  const kind = kindOf(request);
  const state = fromStruct(request.getOlds());
  const news = fromStruct(request.getNews());
  const response = new UpdateResponse();
  response.setProperties(toStruct(withSecrets({ ...state, ...kind.defaults, ...news })));
  return response;
}

function kindOf(request: { getType(): string; getUrn(): string }): ResourceKind {
  const type = request.getType() || request.getUrn().split("::")[2]?.split("$").at(-1) || "";
  const kind = resourceKinds[type];
  if (kind) return kind;
  throw unimplemented(`the stand-in for the tls plugin does not serve ${type}`);
}

function withSecrets(state: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [
      key,
      secretMembers.has(key) ? makeSecret(value) : value,
    ]),
  );
}
