/** What Resource Manager itself refuses, before any service looks at a call. */
import { badRequest } from "../arm-error";
import { findResourceType } from "../resource-types";
import { textAt } from "../json";
import type { Refusal, Situation } from "../rule";

const EVERY = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"];
const TROUBLE =
  "learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors";

function knownVersions(situation: Situation): readonly string[] {
  return findResourceType(situation.request.path.type)?.apiVersions ?? [];
}

const apiVersionRequired: Refusal = {
  name: "api-version-required",
  source: "learn.microsoft.com/rest/api/azure, «Request URI»: api-version is a required parameter",
  methods: EVERY,
  refuse: ({ request }) =>
    request.query.has("api-version")
      ? undefined
      : badRequest(
          "MissingApiVersionParameter",
          "The api-version query parameter (?api-version=) is required for all requests.",
        ),
};

const apiVersionKnown: Refusal = {
  name: "api-version-known",
  source: `${TROUBLE}: NoRegisteredProviderFound`,
  methods: EVERY,
  refuse(situation) {
    const version = situation.request.query.get("api-version");
    const known = knownVersions(situation);
    if (version === null || known.includes(version)) return undefined;
    const [namespace = "", ...types] = situation.request.path.type.split("/");
    return badRequest(
      "NoRegisteredProviderFound",
      `No registered resource provider found for API version '${version}' for type '${types.join("/")}' in namespace '${namespace}'. The supported api-versions are '${known.join(", ")}'.`,
    );
  },
};

const resourceGroupExists: Refusal = {
  name: "resource-group-exists",
  source: `${TROUBLE}: ResourceGroupNotFound`,
  methods: EVERY,
  refuse({ request, store }) {
    const { resourceGroup, subscriptionId, type } = request.path;
    if (resourceGroup === undefined || type === "Microsoft.Resources/resourceGroups")
      return undefined;
    if (store.get(`/subscriptions/${subscriptionId ?? ""}/resourceGroups/${resourceGroup}`)) {
      return undefined;
    }
    return {
      status: 404,
      code: "ResourceGroupNotFound",
      message: `Resource group '${resourceGroup}' could not be found.`,
    };
  },
};

const parentExists: Refusal = {
  name: "parent-exists",
  source: `${TROUBLE}: ParentResourceNotFound`,
  methods: ["PUT"],
  refuse({ request, store }) {
    const { parentId, type } = request.path;
    if (parentId === undefined || store.get(parentId)) return undefined;
    return {
      status: 404,
      code: "ParentResourceNotFound",
      message: `Failed to perform 'write' on resource(s) of type '${type.split("/").slice(1).join("/")}', because the parent resource '${parentId}' could not be found.`,
    };
  },
};

const locationGiven: Refusal = {
  name: "location-given",
  source: `${TROUBLE}: LocationRequired`,
  methods: ["PUT"],
  refuse({ request }) {
    const located = findResourceType(request.path.type)?.located === true;
    return !located || textAt(request.body, "location") !== undefined
      ? undefined
      : badRequest("LocationRequired", "The location property is required for this definition.");
  },
};

const locationExists: Refusal = {
  name: "location-exists",
  source: `${TROUBLE}: LocationNotAvailableForResourceType`,
  methods: ["PUT"],
  refuse({ request, regions }) {
    const location = textAt(request.body, "location");
    if (location === undefined || regionName(location) in regions.zones) return undefined;
    return badRequest(
      "LocationNotAvailableForResourceType",
      `The provided location '${location}' is not available for resource type '${request.path.type}'. List of available regions for the resource type is '${Object.keys(regions.zones).join(",")}'.`,
    );
  },
};

const locationStays: Refusal = {
  name: "location-stays",
  source: `${TROUBLE}: InvalidResourceLocation`,
  methods: ["PUT"],
  refuse({ request, existing }) {
    const before = textAt(existing?.body, "location");
    const wanted = textAt(request.body, "location");
    if (!before || !wanted || regionName(before) === regionName(wanted)) return undefined;
    return {
      status: 409,
      code: "InvalidResourceLocation",
      message: `The resource '${request.path.name ?? ""}' already exists in location '${before}' in resource group '${request.path.resourceGroup ?? ""}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
    };
  },
};

/** `West Europe` and `westeurope` are the same region. */
function regionName(location: string): string {
  return location.replace(/\s/g, "").toLowerCase();
}

export const callRules: readonly Refusal[] = [
  apiVersionRequired,
  apiVersionKnown,
  resourceGroupExists,
  parentExists,
  locationGiven,
  locationExists,
  locationStays,
];
