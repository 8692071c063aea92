/** What Azure's role-based access control refuses. */
import { badRequest } from "../arm-error";
import { textAt, valueAt } from "../json";
import type { Refusal } from "../rule";

const type = "Microsoft.Authorization/roleAssignments";
const TROUBLE = "learn.microsoft.com/azure/role-based-access-control/troubleshooting";

const assignmentNameIsGuid: Refusal = {
  name: "assignment-name-is-guid",
  source:
    "learn.microsoft.com/rest/api/authorization/role-assignments/create: the name can be any valid GUID",
  methods: ["PUT"],
  type,
  refuse: ({ request }) =>
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(request.path.name ?? "")
      ? undefined
      : badRequest(
          "InvalidRoleAssignmentId",
          `The role assignment ID '${request.path.name ?? ""}' is not valid. The role assignment ID must be a GUID.`,
        ),
};

const assignmentUnique: Refusal = {
  name: "assignment-unique",
  source: `${TROUBLE}: RoleAssignmentExists`,
  methods: ["PUT"],
  type,
  refuse({ request, existing, store }) {
    if (existing) return undefined;
    const same = store
      .list(type)
      .filter(
        ({ body, id }) => scopeOf(id) === scopeOf(request.path.text) && isSame(body, request.body),
      );
    return same.length === 0
      ? undefined
      : {
          status: 409,
          code: "RoleAssignmentExists",
          message: `The role assignment already exists. The ID of the existing role assignment is ${same[0]?.name.replaceAll("-", "") ?? ""}.`,
        };
  },
};

const NOT_UPDATED = badRequest(
  "RoleAssignmentUpdateNotPermitted",
  "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
);

const assignmentStays: Refusal = {
  name: "assignment-stays",
  source: `${TROUBLE}: RoleAssignmentUpdateNotPermitted; az role assignment update changes description and condition only`,
  methods: ["PUT"],
  type,
  refuse: ({ request, existing }) =>
    existing && !(isSame(existing.body, request.body) && isSameTenant(existing.body, request.body))
      ? NOT_UPDATED
      : undefined,
};

const assignmentNameTaken: Refusal = {
  name: "assignment-name-taken",
  source:
    "github.com/Azure/azure-resource-manager-schemas/issues/1771 and learn.microsoft.com/azure/role-based-access-control/troubleshooting: a name is unique in the tenant, across scopes and subscriptions",
  methods: ["PUT"],
  type,
  refuse: ({ request, existing, store }) =>
    !existing && store.list(type).some(({ name }) => isSameText(name, request.path.name))
      ? NOT_UPDATED
      : undefined,
};

const principalTypeRight: Refusal = {
  name: "principal-type-right",
  source: "error UnmatchedPrincipalType: github.com/Azure/modern-web-app-pattern-dotnet/pull/129",
  methods: ["PUT"],
  type,
  refuse({ request, store }) {
    const principalId = textAt(request.body, "properties.principalId");
    const given = textAt(request.body, "properties.principalType");
    const isIdentity = store
      .list("Microsoft.ManagedIdentity/userAssignedIdentities")
      .some(({ body }) => isSameText(textAt(body, "properties.principalId"), principalId));
    if (!isIdentity || given === undefined || given === "ServicePrincipal") return undefined;
    return badRequest(
      "UnmatchedPrincipalType",
      `The PrincipalId '${(principalId ?? "").replaceAll("-", "")}' has type 'ServicePrincipal' , which is different from specified PrinciaplType '${given}'.`,
    );
  },
};

const principalReplicated: Refusal = {
  name: "principal-replicated",
  source: `${TROUBLE}: PrincipalNotFound for a principal made a moment ago, unless principalType is given`,
  methods: ["PUT"],
  type,
  refuse({ request, store, nowMs }) {
    const principalId = textAt(request.body, "properties.principalId");
    if (valueAt(request.body, "properties.principalType") !== undefined) return undefined;
    const identity = store
      .all()
      .find(
        ({ body }) => textAt(body, "properties.principalId") === principalId && !scopedHere(body),
      );
    if (!identity || nowMs - identity.createdAtMs >= REPLICATION_MS) return undefined;
    return badRequest(
      "PrincipalNotFound",
      `Principal ${(principalId ?? "").replaceAll("-", "")} does not exist in the directory. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
    );
  },
};

// Azure gives no number; a minute is what its scripts wait for.
const REPLICATION_MS = 60_000;

function scopedHere(body: unknown): boolean {
  return valueAt(body, "properties.roleDefinitionId") !== undefined;
}

function scopeOf(id: string): string {
  return id.toLowerCase().split("/providers/microsoft.authorization/")[0] ?? "";
}

function isSame(one: unknown, other: unknown): boolean {
  return ["properties.principalId", "properties.roleDefinitionId"].every(
    (path) => roleName(textAt(one, path)) === roleName(textAt(other, path)),
  );
}

function isSameTenant(one: unknown, other: unknown): boolean {
  const path = "properties.delegatedManagedIdentityResourceId";
  return valueAt(other, path) === undefined || isSameText(textAt(one, path), textAt(other, path));
}

function isSameText(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

function roleName(id: string | undefined): string | undefined {
  return id?.split("/").at(-1)?.toLowerCase();
}

export const roleAssignmentRules: readonly Refusal[] = [
  assignmentNameIsGuid,
  assignmentUnique,
  assignmentStays,
  assignmentNameTaken,
  principalTypeRight,
  principalReplicated,
];
