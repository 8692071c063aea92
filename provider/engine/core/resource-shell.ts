// The text by which Pulumi's state finds a dynamic resource's code: a constant that imports the library and calls it.
import { type ResourceOperations } from "./resource-operations";

/** One dynamic resource as a program declares it. */
export interface ResourceShell {
  /** Its class, the last part of its type token. */
  readonly type: string;
  /** The module that Pulumi's dynamic provider evaluates; the state keeps it as `__provider`. */
  readonly text: string;
}

type Method = keyof ResourceOperations<object, object>;

/** Each method's parameters, as Pulumi's dynamic provider passes them, and what it does with the library's operations. */
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
 * The shell of the resource whose operations are the module `aml-inference/provider/<type in kebab-case>`.
 *
 * The text has the form that Pulumi's own serializer gives such a provider. That serializer loads the TypeScript compiler
 * and every module of Node, in each program; and what it writes depends on the versions of both.
 * @param methods those that the operations have
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

/** A function, declared apart from the value that it is, with what is in that value's scope. */
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
