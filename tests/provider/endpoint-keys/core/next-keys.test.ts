// Which of an endpoint's keys stay and which are made anew.
import assert from "node:assert/strict";
import fc from "fast-check";
import { sentence } from "../../../../values/argument-error";
import {
  decreasedKeyVersions,
  keyFromBytes,
  type KeyInputs,
  keysChange,
  nextKeys,
  staleKeys,
} from "../../../../provider/endpoint-keys/core/next-keys";

const FIRST: KeyInputs = { primaryKeyVersion: 1, secondaryKeyVersion: 1 };

/** A generator that counts, so that a test can tell which key came when. */
function generator(): () => string {
  let count = 0;
  return () => `generated-${++count}`;
}

describe("nextKeys()", () => {
  it("makes both keys at first", () => {
    assert.deepEqual(nextKeys(undefined, FIRST, generator()), {
      ...FIRST,
      primaryKey: "generated-1",
      secondaryKey: "generated-2",
      given: [],
    });
  });

  it("takes a given key as it is, and makes the other", () => {
    const made = nextKeys(undefined, { ...FIRST, secondaryKey: "mine" }, generator());
    assert.equal(made.primaryKey, "generated-1");
    assert.equal(made.secondaryKey, "mine");
  });

  it("replaces the key whose number rises, and keeps the other", () => {
    const olds = nextKeys(undefined, FIRST, generator());
    const news = nextKeys(olds, { ...FIRST, secondaryKeyVersion: 2 }, () => "new");
    assert.equal(news.primaryKey, "generated-1");
    assert.equal(news.secondaryKey, "new");
  });

  it("makes a key in place of a given one that was taken away", () => {
    const olds = nextKeys(undefined, { ...FIRST, primaryKey: "mine" }, generator());
    assert.equal(nextKeys(olds, FIRST, () => "new").primaryKey, "new");
  });

  it("changes nothing when nothing is asked, whatever was given", () => {
    const given = fc.option(fc.string({ minLength: 1 }), { nil: undefined });
    const number = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(number, number, given, given, (first, second, primary, secondary) => {
        const inputs: KeyInputs = {
          primaryKeyVersion: first,
          secondaryKeyVersion: second,
          ...(primary === undefined ? {} : { primaryKey: primary }),
          ...(secondary === undefined ? {} : { secondaryKey: secondary }),
        };
        const keys = nextKeys(undefined, inputs, generator());
        assert.equal(keysChange(keys, inputs), false);
        assert.deepEqual(staleKeys(keys, inputs), []);
        assert.deepEqual(
          nextKeys(keys, inputs, () => "new"),
          keys,
        );
      }),
    );
  });
});

describe("keysChange()", () => {
  const keys = nextKeys(undefined, FIRST, generator());

  it("sees a risen number, and a given key in place of a generated one", () => {
    assert.equal(keysChange(keys, { ...FIRST, primaryKeyVersion: 2 }), true);
    assert.equal(keysChange(keys, { ...FIRST, primaryKey: "mine" }), true);
  });

  it("sees that a generated key, given by its own text, is the user's from now on", () => {
    assert.deepEqual(staleKeys(keys, { ...FIRST, primaryKey: keys.primaryKey }), []);
    assert.equal(keysChange(keys, { ...FIRST, primaryKey: keys.primaryKey }), true);
  });
});

describe("decreasedKeyVersions()", () => {
  it("refuses a number that falls, and only that", () => {
    const olds = { primaryKeyVersion: 3, secondaryKeyVersion: 1 };
    const found = decreasedKeyVersions(olds, { primaryKeyVersion: 2, secondaryKeyVersion: 2 });
    assert.deepEqual(found.map(sentence), [
      "keyVersions.primaryKey can't decrease: it was 3 and is 2",
    ]);
    assert.deepEqual(decreasedKeyVersions({}, FIRST), []);
  });
});

describe("keyFromBytes()", () => {
  it("gives 32 letters and digits", () => {
    const bytes = fc.uint8Array({ minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(bytes, (random) => {
        const key = keyFromBytes(random);
        if (key !== undefined) assert.match(key, /^[A-Za-z0-9]{32}$/);
      }),
    );
  });

  it("leaves out the bytes that would make some characters likelier", () => {
    assert.equal(keyFromBytes(new Uint8Array(64).fill(248)), undefined);
    assert.equal(keyFromBytes(new Uint8Array(32).fill(247)), "9".repeat(32));
  });

  it("gives every character for as many bytes as every other", () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte += 1) {
      const character = keyFromBytes(new Uint8Array(32).fill(byte))?.[0];
      if (character !== undefined) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    assert.deepEqual([counts.size, new Set(counts.values())], [62, new Set([4])]);
  });
});
