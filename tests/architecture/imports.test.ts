// Holds the lines between the rooms: who may import whom, what is pure, and no circles (ARCHITECTURE.md, "Rooms").
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { projectRoot } from "../../tools/checkout";
import { impurities } from "./impurities";

/** From the bottom up: a room imports from those before it, and from its own. */
const ORDER = [
  ["contracts", "values", "runtime"],
  ["kubernetes", "azure"],
  ["validation", "serving"],
  ["provider"],
  ["components"],
  ["plugin", "policy", "cli", "index"],
  ["tools"],
  ["tests"],
];

/** Rooms that are pure as a whole; elsewhere only `core/` is. */
const PURE_ROOMS = /^(contracts|values|validation|tools\/standins\/property-value)\//;

/** Packages that take values and return values. */
const PURE_PACKAGES = ["node:crypto", "node:path", "node:util", "js-yaml"];

/** Of one room: the folders below it in the order in which they may import each other; `.` is the room's own files. */
const INNER_ORDER: Readonly<Record<string, readonly string[]>> = {
  contracts: [".", "model-endpoint", "metrics-channel", "ownership", "pods"],
  validation: ["kubernetes", "certificate", "endpoint", "router", "cluster", "compute", "."],
  serving: ["router", "autoscaler"],
  "serving/router": [
    ...["model", "haproxy", "load", "certificate", "ownership", "drain", "supervise", "."],
  ],
  "serving/autoscaler": [
    ...["load", "scale", "status", "names", "leadership", "assignment", "loop", "."],
  ],
  policy: ["core", "io", "engine", "packs", "."],
  tools: [
    ...["programs", "checkout", "checks", "setup", "images", "cluster", "standins", "quickstart"],
    ...["bench", "commands"],
  ],
};

/** Folders whose folders never import each other, but for the shared ones, lowest first. */
const APART: Readonly<Record<string, readonly string[]>> = {
  serving: [],
  provider: ["engine", "release"],
  components: ["engine"],
};

/** Packages of tools/: from outside, only their door. */
const PACKAGE = /^tools\/(standins\/[^/]+|[^/]+)/;

const files = globSync("**/*.{ts,mts,cts,js,mjs,cjs}", {
  cwd: projectRoot,
  exclude: [
    "**/node_modules/**",
    "dist/**",
    "policy/dist/**",
    "examples/**",
    "tests/golden/**",
    ".*/**",
  ],
}).filter((file) => file.includes("/") || file === "index.ts");
const known = new Set(files);

interface Import {
  readonly file: string;
  /** The project's file, or the package's name. */
  readonly target: string;
  readonly isOwn: boolean;
}

const textOf = (file: string): string => readFileSync(join(projectRoot, file), "utf8");

function resolve(file: string, specifier: string): string {
  const base = normalize(join(dirname(file), specifier));
  const found = [base, `${base}.ts`, `${base}/index.ts`].find((path) => known.has(path));
  assert.ok(found !== undefined, `${file} imports ${specifier}, which is not there`);
  return found;
}

const imports: readonly Import[] = files.flatMap((file) => {
  // The compiler's own reader: imports in functions count, those in the text of another program do not.
  const { importedFiles } = ts.preProcessFile(textOf(file), true, true);
  return importedFiles.map(({ fileName: specifier }) => {
    const isOwn = specifier.startsWith(".");
    return { file, target: isOwn ? resolve(file, specifier) : specifier, isOwn };
  });
});
const own = imports.filter(({ isOwn }) => isOwn);

const roomOf = (file: string): string => /^[^/.]+/.exec(file)?.[0] ?? "";
const levelOf = (file: string): number => ORDER.findIndex((level) => level.includes(roomOf(file)));
/** The folder below `room` that holds the file: `.` for the room's own files. */
const folderIn = (room: string, file: string): string =>
  /^([^/]+)\//.exec(file.slice(room.length + 1))?.[1] ?? ".";
const isPure = (file: string): boolean =>
  PURE_ROOMS.test(file) || /^(?!tests\/).*\/core\//.test(file);
const shown = ({ file, target }: Import): string => `${file} → ${target}`;

/** A circle among the nodes, as a path that ends where it began; empty when there is none. */
function circle(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  function visit(node: string, path: readonly string[]): string[] {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const next of edges.get(node) ?? []) {
      const found = visit(next, [...path, node]);
      if (found.length > 0) return found;
    }
    done.add(node);
    return [];
  }
  for (const node of edges.keys()) {
    const found = visit(node, []);
    if (found.length > 0) return found;
  }
  return [];
}

function edgesBy(nodeOf: (file: string) => string): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { file, target } of own) {
    const [from, to] = [nodeOf(file), nodeOf(target)];
    if (from === to) continue;
    edges.set(from, (edges.get(from) ?? new Set()).add(to));
  }
  return edges;
}

/** Where the code loads a module that no reader of imports sees. */
function hiddenImports(file: string): string[] {
  const found: string[] = [];
  function visit(node: ts.Node): void {
    const isHidden =
      (ts.isIdentifier(node) && node.text === "createRequire") ||
      (ts.isCallExpression(node) &&
        (node.expression.kind === ts.SyntaxKind.ImportKeyword ||
          (ts.isIdentifier(node.expression) && node.expression.text === "require")) &&
        !node.arguments.every(ts.isStringLiteral));
    if (isHidden) found.push(`${file}: ${node.getText()}`);
    ts.forEachChild(node, visit);
  }
  visit(ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true));
  return found;
}

/** Whether a file takes nothing but types from a module: the compiler leaves such an import out. */
function isTypeOnly(file: string, target: string): boolean {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest);
  const statements = source.statements.filter(
    (statement) =>
      (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) &&
      statement.moduleSpecifier !== undefined &&
      refersTo(file, (statement.moduleSpecifier as ts.StringLiteral).text, target),
  );
  return (
    statements.length > 0 &&
    statements.every((statement) => {
      if (!ts.isImportDeclaration(statement)) return (statement as ts.ExportDeclaration).isTypeOnly;
      const { importClause } = statement;
      if (importClause === undefined || importClause.isTypeOnly) return importClause !== undefined;
      const { name, namedBindings } = importClause;
      if (name !== undefined || namedBindings === undefined) return false;
      return (
        ts.isNamedImports(namedBindings) && namedBindings.elements.every((each) => each.isTypeOnly)
      );
    })
  );
}

function refersTo(file: string, specifier: string, target: string): boolean {
  return (specifier.startsWith(".") ? resolve(file, specifier) : specifier) === target;
}

/** The files that are loaded with these, through all imports. */
function closureOf(...entries: readonly string[]): readonly string[] {
  const reached = new Set(entries);
  for (const file of reached) {
    for (const each of own) if (each.file === file) reached.add(each.target);
  }
  return [...reached];
}

describe("The rooms", () => {
  it("are all known", () => {
    assert.ok(files.length > 400);
    assert.deepEqual([...new Set(files.filter((file) => levelOf(file) < 0).map(roomOf))], []);
    assert.ok(own.length > files.length);
  });

  it("load no module in a way that can't be seen here, nor themselves by the package's name", () => {
    const rooms = files.filter((file) => levelOf(file) < levelOf("tools/x"));
    assert.deepEqual(rooms.flatMap(hiddenImports), []);
    const byName = imports.filter(
      ({ file, target }) => rooms.includes(file) && /^aml-inference(\/|$)/.test(target),
    );
    assert.deepEqual(byName.map(shown), []);
  });

  it("import downward only", () => {
    const upward = own.filter(({ file, target }) => {
      if (roomOf(file) === roomOf(target)) return false;
      // Benchmarks are played by the stories' own support.
      if (file.startsWith("tools/bench/") && target.startsWith("tests/support/")) return false;
      return levelOf(target) >= levelOf(file);
    });
    assert.deepEqual(upward.map(shown), []);
  });

  it("have no circles, neither of files nor of folders", () => {
    assert.deepEqual(circle(edgesBy((file) => file)), []);
    assert.deepEqual(circle(edgesBy((file) => PACKAGE.exec(file)?.[0] ?? dirname(file))), []);
  });

  for (const [room, order] of Object.entries(INNER_ORDER)) {
    it(`${room}/ has its folders in order: ${order.join(", ")}`, () => {
      const inside = own.filter(
        ({ file, target }) => file.startsWith(`${room}/`) && target.startsWith(`${room}/`),
      );
      const unknown = files
        .filter((file) => file.startsWith(`${room}/`))
        .map((file) => folderIn(room, file))
        .filter((folder) => !order.includes(folder));
      assert.deepEqual([...new Set(unknown)], []);
      const wrong = inside.filter(({ file, target }) => {
        const [from, to] = [file, target].map((path) => order.indexOf(folderIn(room, path)));
        return (to ?? -1) > (from ?? -1);
      });
      assert.deepEqual(wrong.map(shown), []);
    });
  }

  for (const [room, shared] of Object.entries(APART)) {
    it(`${room}/ keeps its folders apart${shared.length > 0 ? `, but for ${shared.join(" and ")}` : ""}`, () => {
      const wrong = own.filter(({ file, target }) => {
        if (!file.startsWith(`${room}/`) || !target.startsWith(`${room}/`)) return false;
        const [from, to] = [folderIn(room, file), folderIn(room, target)];
        if (from === to) return false;
        const [above, below] = [shared.indexOf(from), shared.indexOf(to)];
        return below < 0 || (above >= 0 && above < below);
      });
      assert.deepEqual(wrong.map(shown), []);
    });
  }

  it("tools/ has one door per package", () => {
    const past = own.filter(({ file, target }) => {
      const to = PACKAGE.exec(target)?.[0];
      // A test of a package is inside it.
      const from = PACKAGE.exec(file.replace(/^tests\/(?=tools\/)/, ""))?.[0];
      return to !== undefined && from !== to && target !== `${to}/index.ts`;
    });
    assert.deepEqual(past.map(shown), []);
  });
});

describe("What is pure", () => {
  it("imports only what is pure", () => {
    const wrong = imports.filter(({ file, target, isOwn }) => {
      if (!isPure(file)) return false;
      return isOwn ? !isPure(target) : !PURE_PACKAGES.includes(target);
    });
    assert.deepEqual(wrong.map(shown), []);
  });

  it("reads no clock, no environment, no chance, no disk, and writes to no console", () => {
    assert.deepEqual(
      files.filter(isPure).flatMap((file) => impurities(file, textOf(file))),
      [],
    );
  });

  it("is without Pulumi below provider/", () => {
    const wrong = imports.filter(
      ({ file, target }) => levelOf(file) < levelOf("provider/x") && target.startsWith("@pulumi/"),
    );
    assert.deepEqual(wrong.map(shown), []);
  });
});

describe("The pods' code", () => {
  it("has no package in it, through all that it imports", () => {
    const loaded = closureOf("serving/router/main.ts", "serving/autoscaler/main.ts");
    assert.ok(loaded.length > 60);
    const packages = imports.filter(
      ({ file, target, isOwn }) => loaded.includes(file) && !isOwn && !target.startsWith("node:"),
    );
    assert.deepEqual(
      packages.filter(({ file, target }) => !isTypeOnly(file, target)).map(shown),
      [],
    );
  });
});

describe("Dynamic resources", () => {
  const classes = files.filter(
    (file) => file.startsWith("provider/") && textOf(file).includes("extends DynamicResource"),
  );

  it("load what they do only when the engine asks: a program that declares them loads no client", () => {
    assert.equal(classes.length, 13);
    const loads = own.filter(
      ({ file, target }) =>
        (classes.includes(file) || roomOf(file) === "components") &&
        /^provider\/.*\/(operations\.ts$|io\/)/.test(target),
    );
    assert.deepEqual(loads.filter(({ file, target }) => !isTypeOnly(file, target)).map(shown), []);
  });
});

describe("tests/", () => {
  it("mirrors the rooms: a test stands where what it tests stands", () => {
    const apart = /^tests\/(features|support|golden|architecture|documents)\//;
    const folders = new Set(
      files.filter((file) => !file.startsWith("tests/")).map((file) => dirname(file)),
    );
    const strangers = files
      .filter((file) => file.startsWith("tests/") && !apart.test(file))
      .filter((file) => !folders.has(dirname(file).replace(/^tests\//, "")));
    assert.deepEqual(strangers, []);
  });
});
