// One measured figure, as `npm run bench` prints it and writes it to JSON.

export interface Figure {
  /** What was measured, in words. */
  readonly name: string;
  /** Median over the runs. */
  readonly value: number;
  readonly unit: string;
  /** The same of what it is compared with, measured in the same run. */
  readonly baseline?: number;
  /** value / baseline, the median of the pairs. */
  readonly ratio?: number;
  /** Spread of `value` over the runs. */
  readonly min?: number;
  readonly max?: number;
  readonly runs?: number;
}

/** A named way to measure some figures. */
export interface Scenario {
  readonly name: string;
  readonly run: () => Promise<readonly Figure[]>;
}
