// The provider text that Pulumi's state stores for a dynamic resource: a constant that imports the library and calls it.
import { type ResourceOperations } from "./resource-operations";

/** The type and the provider text of one dynamic resource. */
export interface ResourceShell {
  /** Class name, and last part of the type token. */
  readonly type: string;
  /** The module that Pulumi's dynamic provider evaluates; the state stores it as `__provider`. */
  readonly text: string;
}

type Method = keyof ResourceOperations<object, object>;

/** Each method's parameters, as Pulumi's dynamic provider passes them, and its body. */
const METHODS: Readonly<Record<Method, readonly [parameters: string, statement: string]>> = {
  configure: ["request", "<operations>.configure(request.config);"],
  check: ["olds, news", "return <operations>.check(olds, news);"],
  diff: ["id, olds, news", "return <operations>.diff(id, olds, news);"],
  create: ["inputs", "return <operations>.create(inputs);"],
  read: ["id, props", "return <operations>.read(id, props);"],
  update: ["id, olds, news", "return <operations>.update(id, olds, news);"],
  delete: ["id, props", "await <operations>.delete(id, props);"],
};

/**
 * The shell of the resource whose operations are in the module `aml-inference/provider/<type in kebab-case>`.
 *
 * The text has the form that Pulumi's own serializer writes. That serializer isn't used: it loads the TypeScript compiler
 * and every module of Node in each program, and its output depends on the versions of both.
 * @param methods the methods that the operations implement
 */
export function resourceShell(type: string, methods: readonly Method[]): ResourceShell {
  const module = type.replaceAll(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const operations = `(await import("aml-inference/provider/${module}")).operations`;
  const functions = methods.map((method, index) => {
    const [parameters, statement] = METHODS[method];
    const body = statement.replace("<operations>", operations);
    const value = `async function /*${method}*/(${parameters}) {\n        ${body}\n    }`;
    return functionText(index + 1, parameters.split(", ").length, "", value);
  });
  const members = methods.map((method, index) => `${method}: __f${index + 1}`).join(", ");
  const text = [
    "exports.handler = __f0;\n",
    `var __provider = {${members}};\n`,
    ...functions,
    functionText(0, 0, "provider: __provider, ", "() => provider"),
  ].join("\n");
  return { type, text };
}

/** A serialized function: a declaration that evaluates `value` with the variables of `scope`. */
function functionText(index: number, parameters: number, scope: string, value: string): string {
  const names = Array.from({ length: parameters }, (_, at) => `__${at}`).join(", ");
  return `function __f${index}(${names}) {
  return (function() {
    with({ ${scope}this: undefined, arguments: undefined }) {

return ${value};

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
`;
}
