// Finds in a file's code what is not pure: globals and functions that read a clock, the environment, chance, disk or network.
import ts from "typescript";

/** Globals that take values and return values; any other is impure. */
const PURE_GLOBALS = new Set([
  ...["Array", "BigInt", "Boolean", "Buffer", "Error", "Infinity", "Iterator", "JSON", "Map"],
  ...["NaN", "Number", "Object", "Promise", "RegExp", "Set", "String", "Symbol", "TypeError"],
  ...[
    "URL",
    "URLSearchParams",
    "WeakMap",
    "decodeURIComponent",
    "encodeURIComponent",
    "isNaN",
    "structuredClone",
    "undefined",
  ],
]);

/** What may be imported from Node's modules, by name. */
const PURE_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  "node:crypto": [
    "createHash",
    "createPrivateKey",
    "createPublicKey",
    "KeyObject",
    "X509Certificate",
  ],
  "node:path": ["basename", "dirname", "join"],
  "node:util": ["isDeepStrictEqual"],
};

/** A sentence for each finding; what stands in the text of another program does not count. */
export function impurities(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const declared = declaredNames(source);
  const found: string[] = [];
  const report = (node: ts.Node) => found.push(`${file}: ${node.getText(source)}`);
  function visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
      return;
    }
    if (ts.isImportDeclaration(node)) {
      if (!isPureImport(node)) report(node);
      return;
    }
    if (node.kind === ts.SyntaxKind.ImportKeyword || ts.isMetaProperty(node)) report(node);
    if (ts.isIdentifier(node) && isReference(node) && !declared.has(node.text)) {
      if (!PURE_GLOBALS.has(node.text) && !isPureUse(node)) report(node.parent);
    }
    ts.forEachChild(node, visit);
  }
  visit(source);
  return found;
}

function declaredNames(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  function visit(node: ts.Node): void {
    const { name } = node as { readonly name?: ts.Node };
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isClassDeclaration(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isNamespaceImport(node);
    if (declares && name !== undefined && ts.isIdentifier(name)) names.add(name.text);
    ts.forEachChild(node, visit);
  }
  visit(source);
  return names;
}

/** False for names of members, keys and labels, which refer to nothing by themselves. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false;
  return (parent as { readonly name?: ts.Node }).name !== node;
}

/** Of `Date` and `Math`, what depends on its arguments alone. */
function isPureUse(node: ts.Identifier): boolean {
  const { parent } = node;
  const member = ts.isPropertyAccessExpression(parent) && parent.expression === node;
  if (node.text === "Math") return member && parent.name.text !== "random";
  if (node.text !== "Date") return false;
  if (ts.isBinaryExpression(parent))
    return parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
  if (member) return ["UTC", "parse"].includes(parent.name.text);
  const [first] = ts.isNewExpression(parent) ? (parent.arguments ?? []) : [];
  return first !== undefined && !ts.isSpreadElement(first);
}

function isPureImport({ moduleSpecifier, importClause }: ts.ImportDeclaration): boolean {
  const module = (moduleSpecifier as ts.StringLiteral).text;
  if (!module.startsWith("node:")) return true;
  const bindings = importClause?.namedBindings;
  if (importClause?.name !== undefined || bindings === undefined) return false;
  if (!ts.isNamedImports(bindings)) return false;
  const legal = PURE_IMPORTS[module] ?? [];
  return bindings.elements.every(({ name, propertyName }) =>
    legal.includes((propertyName ?? name).text),
  );
}
