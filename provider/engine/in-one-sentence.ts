// Keeps stack traces of expected errors from the user: Pulumi's shim prints them beside the message.
import { AzureError } from "../../azure/io/azure-error";
import { KubeError } from "../../kubernetes/io/kube-error";

/** What the shim prints of an error, `<error>: <stack>`, becomes one line. */
class Sentence extends Error {
  constructor(message: string, options: ErrorOptions) {
    super(message, options);
    this.name = "aml-inference";
    this.stack = message;
  }

  override toString(): string {
    return this.name;
  }
}

/** Passes the result on; errors that already are sentences lose their stack, anything else is a bug and keeps it. */
export async function inOneSentence<T>(result: Promise<T>): Promise<T> {
  return result.catch((error: unknown) => {
    const isSentence =
      error instanceof KubeError ||
      error instanceof AzureError ||
      (error instanceof Error && error.constructor === Error);
    throw isSentence ? new Sentence(error.message, { cause: error }) : error;
  });
}
