// Splits a text stream into lines of bounded length.

import { StringDecoder } from "node:string_decoder";

/** Yields each line without its line break; throws when a line exceeds `maxLength` characters, or the stream fails. */
export async function* readLines(
  stream: AsyncIterable<unknown>,
  maxLength = Infinity,
): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(chunk as Buffer)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of [...lines, rest]) {
      if (line.length > maxLength) {
        throw new Error(`a line must have ${maxLength} characters at most: one has ${line.length}`);
      }
    }
    yield* lines;
  }
  if (rest !== "") yield rest;
}
