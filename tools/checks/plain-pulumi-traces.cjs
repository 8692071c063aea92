// Loaded by mocha after ts-node: Pulumi takes a stack trace for each promise and resource, which nobody reads, and mapping them all to TypeScript's lines is a quarter of the unit tests' time.
"use strict";
const PULUMI = /@pulumi[\\/]pulumi[\\/](runtime[\\/]debuggable|resource)\.js$/;
const mapped = Error.prepareStackTrace;

// With this variable Pulumi prints the traces of promises that never resolve.
if (mapped !== undefined && !process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  Error.prepareStackTrace = (error, sites) =>
    PULUMI.test(sites[0]?.getFileName() ?? "") ? String(error) : mapped(error, sites);
}
