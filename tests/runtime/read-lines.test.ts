// Lines out of chunks that break anywhere.

import assert from "node:assert/strict";
import fc from "fast-check";
import { readLines } from "../../runtime/read-lines";

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) {
    yield await Promise.resolve(bytes.subarray(start, start + size));
  }
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe("readLines()", () => {
  it("gives the same lines wherever the chunks break, within a character too", async () => {
    const line = fc.string({ unit: "grapheme" }).filter((text) => !/\n/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
        const text = lines.map((each) => `${each}\n`).join("");
        assert.deepEqual(await collect(readLines(chunksOf(Buffer.from(text), size))), lines);
      }),
    );
  });

  it("gives a last line that has no end", async () => {
    assert.deepEqual(await collect(readLines(chunksOf(Buffer.from("a\nb"), 9))), ["a", "b"]);
  });

  it("refuses a line that is too long as soon as it is, before its end comes", async () => {
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) yield await Promise.resolve(Buffer.from("xxxx"));
    }
    await assert.rejects(collect(readLines(endless(), 10)), /must have 10 characters at most/);
  });
});
