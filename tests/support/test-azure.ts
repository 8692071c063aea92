// What a story may ask of the Azure that it runs against, the stand-in or a developer's own: over Resource Manager's REST API.
import assert from "node:assert/strict";
import { ArmClient, type AzureAccess } from "../../tools/standins/pulumi-resource-azure-native";
import { isObject, type JsonObject, withValueAt } from "../../tools/standins/azure";

/** Of Microsoft.ContainerService. */
const API_VERSION = "2025-09-01";

export interface TestAzure {
  /** A resource of AKS; undefined when there is none of this id. */
  get(id: string): Promise<JsonObject | undefined>;
  /** What a collection of AKS holds, e.g. `<id of a cluster>/agentPools`. */
  list(collection: string): Promise<readonly JsonObject[]>;
  /** Sets one property, as somebody else would, and waits until Azure has done it. */
  edit(id: string, path: string, value: unknown): Promise<void>;
  /** Deletes a resource, as somebody else would, and waits until it is gone. */
  remove(id: string): Promise<void>;
}

export function connectAzure(access: AzureAccess): TestAzure {
  const client = new ArmClient(access, new AbortController().signal);
  const get = async (id: string) => {
    const found: unknown = await client.get(id, API_VERSION);
    return isObject(found) ? found : undefined;
  };
  return {
    get,
    list: async (collection) => {
      const value = (await get(collection))?.["value"];
      return Array.isArray(value) ? value.filter(isObject) : [];
    },
    remove: (id) => client.delete(id, API_VERSION),
    edit: async (id, path, value) => {
      const live = await get(id);
      assert.ok(live, `${id} is not there`);
      await client.put(id, API_VERSION, withValueAt(live, path, value), () => undefined);
    },
  };
}
