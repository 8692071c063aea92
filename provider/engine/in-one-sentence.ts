// Removes the stack traces of expected errors, which Pulumi's shim would print after the message.
import { AzureError } from "../../azure/io/azure-error";
import { KubeError } from "../../kubernetes/io/kube-error";

/** An error that the shim prints, as `<error>: <stack>`, in one line. */
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

/** Returns the result. An expected error, whose message is a sentence, loses its stack; any other is a bug and keeps it. */
export async function inOneSentence<T>(result: Promise<T>): Promise<T> {
  return result.catch((error: unknown) => {
    const isSentence =
      error instanceof KubeError ||
      error instanceof AzureError ||
      (error instanceof Error && error.constructor === Error);
    throw isSentence ? new Sentence(error.message, { cause: error }) : error;
  });
}
