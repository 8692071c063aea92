/** Diff: the inputs of the last update against those of this one. */
import { type DiffRequest, DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { stripSecretsOf } from "../../property-value";
import { fromStruct } from "../../resource-plugin";
import { diffProperties, type PropertyDifference, replaces } from "../core/diff-properties";
import { requireResource } from "../core/resource-table";

export function diff(request: DiffRequest): DiffResponse {
  const entry = requireResource(request.getType());
  const before = stripSecretsOf(fromStruct(request.getOldInputs()));
  const after = stripSecretsOf(fromStruct(request.getNews()));
  const ignored = request.getIgnorechangesList();
  const differences = diffProperties(before, after).filter(({ path }) => !isIgnored(path, ignored));
  const response = new DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  response.setChanges(differences.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setHasdetaileddiff(true);
  response.setDeletebeforereplace(false);
  for (const difference of differences) {
    const replacing = replaces(entry, difference);
    response.getDetaileddiffMap().set(difference.path, detail(difference, replacing));
    response.addDiffs(difference.path);
    if (replacing) response.addReplaces(difference.path.split(/[.[]/)[0] ?? "");
  }
  return response;
}

function detail({ kind }: PropertyDifference, replacing: boolean): PropertyDiff {
  const { Kind } = PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const found = new PropertyDiff();
  found.setKind(kinds[kind][replacing ? 1 : 0]);
  found.setInputdiff(true);
  return found;
}

function isIgnored(path: string, ignored: readonly string[]): boolean {
  return ignored.some(
    (each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`),
  );
}
