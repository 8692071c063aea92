// A program: checks the types of every file, then lints with the same compiled program; ends with 1 when either finds something.
import { ESLint } from "eslint";
import ts from "typescript";
import { projectRoot } from "../checkout";

const host: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => projectRoot,
  getCanonicalFileName: (file) => file,
  getNewLine: () => "\n",
};

function compile(): ts.Program {
  const { config } = ts.readConfigFile(`${projectRoot}/tsconfig.json`, (file) =>
    ts.sys.readFile(file),
  ) as {
    readonly config: unknown;
  };
  const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, projectRoot);
  return ts.createProgram({
    rootNames: fileNames,
    options: { ...options, noEmit: true },
    configFileParsingDiagnostics: errors,
  });
}

/** `npx eslint` alone compiles the files itself (eslint.config.mjs); the rules are the same. */
async function lint(program: ts.Program): Promise<string> {
  const parserOptions = { projectService: false, programs: [program] };
  const eslint = new ESLint({
    cwd: projectRoot,
    overrideConfig: { files: ["**/*.ts"], languageOptions: { parserOptions } },
  });
  const results = await eslint.lintFiles(["."]);
  return (await eslint.loadFormatter("stylish")).format(results);
}

async function main(): Promise<void> {
  const program = compile();
  const diagnostics = ts.getPreEmitDiagnostics(program);
  const found = ts.formatDiagnostics(diagnostics, host) + (await lint(program));
  if (found !== "") {
    console.log(found);
    process.exitCode = 1;
  }
}

void main();
