// The paths of a component's arguments, as its table has them and as its TypeScript interface declares them.
import { readFileSync } from "node:fs";
import ts from "typescript";
import { type ArgumentRule, type ArgumentTable, pathTo } from "../../values/argument-table";

/** `versions.*.autoscale.minReplicas`: what stands for a name or an index is `*`. */
export function rulesByPath<World>(
  table: ArgumentTable<World>,
  prefix = "",
): Map<string, ArgumentRule<World>> {
  const found = new Map<string, ArgumentRule<World>>();
  for (const [name, rule] of Object.entries(table)) {
    const path = pathTo(prefix, name);
    found.set(path, rule);
    const inner = [
      [path, rule.members],
      [`${path}.*`, rule.items?.members],
    ] as const;
    for (const [at, members] of inner) {
      for (const [below, each] of rulesByPath(members ?? {}, at)) found.set(below, each);
    }
  }
  return found;
}

/** The paths that an interface declares, those of the interfaces of its file with it, and whether each is required. */
export function declaredPaths(file: string, interfaceName: string): Map<string, boolean> {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const interfaces = new Map(
    source.statements.filter(ts.isInterfaceDeclaration).map((each) => [each.name.text, each]),
  );
  const found = new Map<string, boolean>();
  function visit(name: string, prefix: string): void {
    for (const member of membersOf(name)) {
      if (!ts.isPropertySignature(member) || member.type === undefined) continue;
      const path = pathTo(prefix, member.name.getText(source));
      found.set(path, member.questionToken === undefined);
      const { type, at } = unwrap(member.type, path);
      if (ts.isTypeReferenceNode(type)) visit(type.typeName.getText(source), at);
    }
  }
  /** Its own members, and those of the interfaces that it extends. */
  function membersOf(name: string): ts.TypeElement[] {
    const declared = interfaces.get(name);
    const bases = (declared?.heritageClauses ?? []).flatMap(({ types }) => types);
    return [
      ...bases.flatMap(({ expression }) => membersOf(expression.getText(source))),
      ...(declared?.members ?? []),
    ];
  }
  /** Looks into inputs and optional types, into lists, and into maps by name. */
  function unwrap(type: ts.TypeNode, at: string): { type: ts.TypeNode; at: string } {
    const isInput =
      ts.isTypeReferenceNode(type) && type.typeName.getText(source) === "pulumi.Input";
    const [inner] = isInput ? (type.typeArguments ?? []) : [];
    if (inner !== undefined) return unwrap(inner, at);
    if (ts.isArrayTypeNode(type)) return unwrap(type.elementType, `${at}.*`);
    if (ts.isUnionTypeNode(type)) {
      const present = type.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
      return present.length === 1 && present[0] !== undefined
        ? unwrap(present[0], at)
        : { type, at };
    }
    const isMap = ts.isTypeReferenceNode(type) && type.typeName.getText(source) === "Record";
    const values = isMap ? type.typeArguments?.[1] : undefined;
    return values === undefined ? { type, at } : unwrap(values, `${at}.*`);
  }
  visit(interfaceName, "");
  return found;
}
