/** Inputs for an object that the program reads or imports, of which only the live form is known. */
import { isRecord } from "../../property-value";
import { type KubeObject, metadataOf, withMetadata, without } from "./kube-object";
import { normalizeInputs } from "./normalize-inputs";

const writtenByControllers = [
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** The live object without what only the server and its controllers write. */
export function inputsOfImported(live: KubeObject): KubeObject {
  const inputs = normalizeInputs(without(live, "status"));
  const annotations = metadataOf(inputs)["annotations"];
  if (!isRecord(annotations)) return inputs;
  const kept = Object.entries(annotations).filter(([name]) => !writtenByControllers.includes(name));
  return withMetadata(inputs, {
    annotations: kept.length > 0 ? Object.fromEntries(kept) : undefined,
  });
}
