// What `npm run check` and `npm test` run.
export * from "./run-checks";
export * from "./changelog";
export * from "./release";
