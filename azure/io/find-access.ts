// Where Azure is and who calls it, by this process's environment and what the stack configures.
import {
  accessFor,
  type AzureAccess,
  type AzureSettings,
  type CloudName,
  defaultCloud,
} from "../core/azure-access";
import { sentence } from "../../values/argument-error";

/**
 * The access to a cloud.
 * @param settings default: the process's environment variables, and no configuration
 * @param cloud default: the one that the settings name
 * @throws Error a sentence, when the settings name a cloud that does not exist
 */
export function findAccess(settings: Partial<AzureSettings>, cloud?: CloudName): AzureAccess {
  const { variable = (name) => process.env[name], config = () => undefined } = settings;
  const known = { variable, config };
  if (cloud !== undefined) return accessFor(cloud, known);
  const found = defaultCloud(known);
  if (!found.ok) throw new Error(sentence(found.error));
  return accessFor(found.name, known);
}
