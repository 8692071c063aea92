/** Diff: the inputs of the last update against those of this one. */
import { type DiffRequest, DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { stripSecretsOf } from "../../property-value";
import { fromStruct } from "../../resource-plugin";
import { deletesFirst, diffInputs, type PropertyDifference } from "../core/diff-properties";
import { requireResource } from "../core/resource-table";

/**
 * Of the vendor's plugin (`provider.go`, `Diff()`). What a program ignores has been put back into the inputs by the
 * engine before: the plugin itself doesn't look at `ignoreChanges`.
 */
export function diff(request: DiffRequest): DiffResponse {
  const entry = requireResource(request.getType());
  const before = stripSecretsOf(fromStruct(request.getOldInputs()));
  const after = stripSecretsOf(fromStruct(request.getNews()));
  const outputs = stripSecretsOf(fromStruct(request.getOlds()));
  const differences = diffInputs(entry, before, after, outputs);
  const response = new DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  response.setChanges(differences.length > 0 ? DIFF_SOME : DIFF_NONE);
  if (differences.length === 0) return response;
  response.setHasdetaileddiff(true);
  response.setDeletebeforereplace(deletesFirst(differences, before));
  for (const difference of differences) {
    const { path, replaces } = difference;
    response.getDetaileddiffMap().set(path, detail(difference));
    response.addDiffs(path.split(/[.[]/)[0] ?? "");
    if (replaces) response.addReplaces(path);
  }
  return response;
}

function detail({ kind, replaces }: PropertyDifference): PropertyDiff {
  const { Kind } = PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const found = new PropertyDiff();
  found.setKind(kinds[kind][replaces ? 1 : 0]);
  found.setInputdiff(true);
  return found;
}
