// Runs a command of this project: what goes wrong becomes one sentence on stderr.

/** Runs the command's function; an error is its sentence on stderr, and exit code 1. */
export function runCommand(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(describeError(error));
    process.exitCode = 1;
  });
}

const advice: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space, and run the command again",
  EDQUOT: "the quota of this disk is used up: free some space, and run the command again",
  EROFS: "the file system is read-only: make it writable, and run the command again",
  EACCES: "this user has no right to: grant it, or run the command as the user who owns the file",
};

/** The error's sentence; what the disk refuses is told with its path and what to do. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code: found = "", path, syscall } = error as NodeJS.ErrnoException;
  // Node says so of a folder whose parent can't be made.
  const code = found === "ENOENT" && syscall === "mkdir" ? "EROFS" : found;
  const why = advice[code];
  if (why === undefined) return error.message;
  return `Cannot ${path === undefined ? "write" : `use ${path}`} (${code}): ${why}.`;
}
