/** Property values as the engine sends them: plain JSON with marks for secrets and unknowns. */

/** A property bag: JSON in which a secret or an unknown may stand anywhere. */
export type PropertyMap = Record<string, unknown>;

// Pulumi's wire protocol (pulumi/sdk, `resource/plugin/rpc.go`): a marked object carries this key.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The strings that stand for a value not known before the update, one per type. */
const unknownValues: ReadonlySet<string> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** True for an object of named values: neither an array nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for a value that the engine marked as a secret. */
export function isSecret(value: unknown): boolean {
  return isRecord(value) && value[signatureKey] === secretSignature;
}

/** Marks a value as a secret; a value that is marked already stays as it is. */
export function makeSecret(value: unknown): unknown {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

/** True for a value that is known only after the update. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && unknownValues.has(value);
}

/** The same value without any secret mark, however deep. */
export function stripSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripSecrets);
  if (!isRecord(value)) return value;
  if (isSecret(value)) return stripSecrets(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, stripSecrets(item)]));
}

/** `stripSecrets()` for a whole bag. */
export function stripSecretsOf(properties: PropertyMap): PropertyMap {
  const stripped = stripSecrets(properties);
  return isRecord(stripped) ? stripped : {};
}

/** True when some value inside is a secret. */
export function containsSecret(value: unknown): boolean {
  return isSecret(value) || childrenOf(value).some(containsSecret);
}

/** True when some value inside is unknown. */
export function containsUnknown(value: unknown): boolean {
  return isUnknown(value) || childrenOf(value).some(containsUnknown);
}

/** The same value without members that are undefined, which the wire format can't carry. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, withoutUndefined(item)]),
  );
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}
