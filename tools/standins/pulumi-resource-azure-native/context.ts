/** What every method of the plugin works with once the provider is configured. */
import type { PropertyMap } from "../property-value";
import type { ArmClient } from "./io/arm-client";

export interface PluginContext {
  readonly client: ArmClient;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** Where resources go whose program names no location. */
  readonly location: string | undefined;
}

/** The value of an option: from the provider's inputs, else from the environment, as the vendor's plugin reads them. */
export function option(config: PropertyMap, name: string, variable: string): string | undefined {
  const given = config[name];
  return typeof given === "string" && given !== "" ? given : process.env[variable];
}
