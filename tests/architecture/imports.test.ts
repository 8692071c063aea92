// Holds the lines between the rooms: who may import whom, what is pure, and no circles (ARCHITECTURE.md, "Rooms").
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { projectRoot } from "../../tools/checkout";

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

/** What a clock, the environment, chance, the network or a console is called in code. */
const IMPURE_NAMES = [
  ...["process", "console", "performance", "fetch", "setTimeout", "setInterval", "setImmediate"],
  ...["randomBytes", "randomUUID", "randomInt"],
];

/** Of one room: the folders below it in the order in which they may import each other; `.` is the room's own files. */
const INNER_ORDER: Readonly<Record<string, readonly string[]>> = {
  contracts: [".", "model-endpoint", "metrics-channel", "pods"],
  validation: ["kubernetes", "certificate", "endpoint", "router", "cluster", "compute", "."],
  serving: ["router", "autoscaler"],
  "serving/router": ["model", "haproxy", "load", "certificate", "drain", "."],
  "serving/autoscaler": ["load", "scale", "status", "leadership", "loop", "."],
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

const files = globSync("**/*.{ts,mts,mjs,cjs}", {
  cwd: projectRoot,
  exclude: ["**/node_modules/**", "dist/**", "examples/**", "tests/golden/**", ".*/**"],
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

/** Where the file's code asks the world something; what stands in the text of another program does not count. */
function impurities(file: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest);
  function visit(node: ts.Node, parent: ts.Node): void {
    const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
    const isKey = ts.isPropertyAssignment(parent) && parent.name === node;
    const isName = ts.isIdentifier(node) && !isMember && !isKey;
    const text = ts.isPropertyAccessExpression(node) ? node.getText(source) : "";
    const isNow =
      ts.isNewExpression(node) &&
      node.expression.getText(source) === "Date" &&
      node.arguments?.length === 0;
    if (isNow || text === "Date.now" || text === "Math.random")
      found.push(`${file}: ${node.getText(source)}`);
    if (isName && IMPURE_NAMES.includes(node.text)) found.push(`${file}: ${node.text}`);
    ts.forEachChild(node, (child) => visit(child, node));
  }
  visit(source, source);
  return found;
}

describe("The rooms", () => {
  it("are all known", () => {
    assert.ok(files.length > 400);
    assert.deepEqual([...new Set(files.filter((file) => levelOf(file) < 0).map(roomOf))], []);
    assert.ok(own.length > files.length);
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
      if (/^tests\/(?!support\/|features\/)/.test(file)) return false;
      const [from, to] = [file, target].map((path) => PACKAGE.exec(path)?.[0]);
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
    assert.deepEqual(files.filter(isPure).flatMap(impurities), []);
  });

  it("is without Pulumi below provider/, and without any package in the pods' own code", () => {
    const wrong = imports.filter(({ file, target, isOwn }) => {
      if (isOwn || levelOf(file) >= levelOf("provider/x")) return false;
      return (
        target.startsWith("@pulumi/") || (roomOf(file) === "serving" && !target.startsWith("node:"))
      );
    });
    assert.deepEqual(wrong.map(shown), []);
  });
});

describe("Dynamic resources", () => {
  it("import what they do only inside their methods: a program that declares them loads no client", () => {
    const classes = globSync("provider/*/*.ts", { cwd: projectRoot }).filter((file) =>
      textOf(file).includes("extends DynamicResource"),
    );
    assert.equal(classes.length, 8);
    const typesOnly = /^import (?:type )?\{\s*((?:type [^,}]+,?\s*)*)\}/;
    const heavy = classes.flatMap((file) => {
      return [...textOf(file).matchAll(/^import [^;]*from "([^"]+)";/gm)]
        .filter(
          ([statement, from = ""]) =>
            /\/(operations|io)\b/.test(from) && !typesOnly.test(statement),
        )
        .map(([, from]) => `${file} → ${from}`);
    });
    assert.deepEqual(heavy, []);
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
