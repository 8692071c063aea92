// The custom resource's schema and its TypeScript interfaces say the same.

import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";
import { projectRoot } from "../../../tools/checkout";
import { CUSTOM_RESOURCE_DEFINITION } from "../../../contracts/model-endpoint/custom-resource-definition";
import { SPEC_SCHEMA } from "../../../contracts/model-endpoint/spec-schema";
import { STATUS_SCHEMA } from "../../../contracts/model-endpoint/status-schema";
import type { StructuralSchema } from "../../../contracts/model-endpoint/structural-schema";

const SOURCE = join(projectRoot, "contracts", "model-endpoint", "model-endpoint.ts");

describe("the schema of ModelEndpoint", () => {
  let program: ts.Program;
  let checker: ts.TypeChecker;
  before(() => {
    const options = { strict: true, exactOptionalPropertyTypes: true };
    // The interfaces need nothing but arrays: the DOM's and Node's types would be most of the work.
    program = ts.createProgram([SOURCE], { ...options, lib: ["lib.es5.d.ts"], types: [] });
    checker = program.getTypeChecker();
  });

  it("lists the spec's fields as the interface does: names, types, values, what is optional", () => {
    assert.deepEqual(shapeOfSchema(SPEC_SCHEMA), shapeOfInterface("ModelEndpointSpec"));
  });

  it("lists the status's fields as the interface does", () => {
    assert.deepEqual(shapeOfSchema(STATUS_SCHEMA), shapeOfInterface("ModelEndpointStatus"));
  });

  it("describes every field", () => {
    const schema = CUSTOM_RESOURCE_DEFINITION.spec.versions[0].schema.openAPIV3Schema;
    assert.deepEqual(undescribed(schema, ""), []);
  });

  it("bounds every list and every text that a rule reads, so that the rules' cost is bounded", () => {
    assert.deepEqual(unboundedLists(SPEC_SCHEMA, "spec"), []);
    assert.deepEqual(unboundedLists(STATUS_SCHEMA, "status"), []);
  });

  function shapeOfInterface(name: string): unknown {
    const source = program.getSourceFile(SOURCE);
    assert.ok(source);
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) {
        return shapeOfType(checker.getTypeAtLocation(statement));
      }
    }
    throw new Error(`model-endpoint.ts has no interface ${name}`);
  }

  function shapeOfType(type: ts.Type): unknown {
    if (type.flags & ts.TypeFlags.BooleanLike) return "boolean";
    if (type.flags & ts.TypeFlags.NumberLike) return "number";
    if (type.isUnion()) {
      const members = type.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined));
      const [only] = members;
      if (only !== undefined && members.length === 1) return shapeOfType(only);
      if (members.every((member) => member.flags & ts.TypeFlags.BooleanLike)) return "boolean";
      return members.map((member) => (member.isStringLiteral() ? member.value : "?")).sort();
    }
    if (type.flags & ts.TypeFlags.StringLike) return "string";
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      assert.ok(item);
      return { items: shapeOfType(item) };
    }
    return Object.fromEntries(
      type
        .getProperties()
        .map((property) => [
          property.name + (property.flags & ts.SymbolFlags.Optional ? "?" : ""),
          shapeOfType(checker.getTypeOfSymbol(property)),
        ]),
    );
  }
});

function shapeOfSchema(schema: StructuralSchema): unknown {
  if (schema.enum !== undefined) return [...schema.enum].sort();
  if (schema.type === "integer") return "number";
  if (schema.type === "array") return { items: schema.items && shapeOfSchema(schema.items) };
  if (schema.type !== "object") return schema.type;
  const required = new Set(schema.required);
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, child]) => [
      name + (required.has(name) ? "" : "?"),
      shapeOfSchema(child),
    ]),
  );
}

function undescribed(schema: StructuralSchema, path: string): string[] {
  return [
    ...(/\.$/.test(schema.description) ? [] : [path]),
    ...children(schema).flatMap(([name, child]) => undescribed(child, `${path}.${name}`)),
  ];
}

function unboundedLists(schema: StructuralSchema, path: string): string[] {
  return [
    ...(schema.type === "array" && schema.maxItems === undefined ? [path] : []),
    ...children(schema).flatMap(([name, child]) => unboundedLists(child, `${path}.${name}`)),
  ];
}

function children(schema: StructuralSchema): [string, StructuralSchema][] {
  return [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [["items", schema.items] as [string, StructuralSchema]]),
  ];
}
