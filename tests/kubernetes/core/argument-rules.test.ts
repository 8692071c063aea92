// Kubernetes' forms: quantities as its API server takes them.
import assert from "node:assert/strict";
import { quantity } from "../../../kubernetes/core/argument-rules";
import { validateArgument } from "../../../values/argument-table";

const isLegal = (value: unknown): boolean =>
  validateArgument("cpu", value, quantity, undefined).length === 0;

describe("quantity", () => {
  // Both lists as the API server (1.34) takes them for the limit of a container's memory.
  const legal = [
    ...["0", "1", "128974848", "0.5", "1.5Gi", ".5", "5.", "+1", "007"],
    ...["1n", "1u", "100m", "1k", "500M", "1G", "2T", "1P", "1E"],
    ...["1Ki", "129Mi", "4Gi", "1Ti", "1Pi", "1Ei"],
    ...["129e6", "1E3", "1e+3", "1e-3", "1.5e3"],
  ];
  for (const value of legal) {
    it(`takes ${value}`, () => assert.ok(isLegal(value)));
  }

  const illegal = [
    ...["", "lots", "1K", "1g", "1Mb", "1ki", "1KI", "1mi", "1e", "1e1.5", "1e3k", "1 Gi"],
    ...["1.2.3", "0x1", "1,5", "-1", 1],
    // The grammar asks for a digit; the server's parser reads these as 0.
    ...["m", ".", "+"],
  ];
  for (const value of illegal) {
    it(`refuses ${JSON.stringify(value)}`, () => assert.ok(!isLegal(value)));
  }
});
