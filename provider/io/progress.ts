// Tells the user what a long operation waits for: a line on the plugin's standard output, which the CLI shows.

export type Report = (message: string) => void;

/** Reports each message once as long as it stays the same; `subject` begins every line. */
export function reportChanges(subject: string): Report {
  let last = "";
  return (message) => {
    if (message === last) return;
    last = message;
    console.log(`${subject}: ${message}`);
  };
}
