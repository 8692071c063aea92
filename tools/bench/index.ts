// The benchmarks.
export * from "./scenarios";
