// Makes a small root file system from Debian's packages.
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { captureOutput } from "../programs";

export interface DebianRoot {
  readonly suite: string;
  readonly packages: readonly string[];
  /** A package that is taken from the suite `experimental`. */
  readonly experimental?: string;
  /** Lines of /etc/passwd beside root's; each user gets a group of the same name and number. */
  readonly users?: readonly { readonly name: string; readonly id: number }[];
}

/** What no container needs. */
const unneeded = [
  "boot",
  "usr/share/doc",
  "usr/share/info",
  "usr/share/locale",
  "usr/share/man",
  "var/cache",
  "var/lib/apt",
  "etc/apt",
];

/** Extracts the packages (no maintainer script runs) into the empty or missing folder `root`. */
export async function makeDebianRoot(root: string, from: DebianRoot): Promise<void> {
  const experimental =
    from.experimental === undefined
      ? []
      : [
          '--aptopt=APT::Default-Release "sid"',
          `--setup-hook=mkdir -p "$1/etc/apt/preferences.d"; printf 'Package: ${from.experimental}\\nPin: release a=experimental\\nPin-Priority: 990\\n' > "$1/etc/apt/preferences.d/experimental"`,
        ];
  const mirror = await debianMirror();
  const sources = [from.suite, ...(from.experimental === undefined ? [] : ["experimental"])];
  await captureOutput("mmdebstrap", [
    ...["--quiet", "--variant=extract", `--include=${from.packages.join(",")}`],
    // A stored snapshot of the suite may be older than its own "valid until".
    '--aptopt=Acquire::Check-Valid-Until "false"',
    ...experimental,
    from.suite,
    root,
    ...sources.map((suite) => `deb ${mirror} ${suite} main`),
  ]);
  for (const path of unneeded) rmSync(join(root, path), { recursive: true, force: true });
  // Devices come from the container runtime.
  for (const entry of readdirSync(join(root, "dev"))) {
    rmSync(join(root, "dev", entry), { recursive: true, force: true });
  }
  for (const dir of ["proc", "sys", "run", "etc", "tmp", "root"]) {
    mkdirSync(join(root, dir), { recursive: true, ...(dir === "tmp" ? { mode: 0o1777 } : {}) });
  }
  for (const dir of ["bin", "sbin", "lib", "lib64"]) {
    if (!existsSync(join(root, dir))) symlinkSync(`usr/${dir}`, join(root, dir));
  }
  const users = [{ name: "root", id: 0 }, ...(from.users ?? [])];
  const passwd = users.map(
    ({ name, id }) => `${name}:x:${id}:${id}::${id === 0 ? "/root" : `/home/${name}`}:/bin/sh\n`,
  );
  writeFileSync(join(root, "etc/passwd"), passwd.join(""));
  writeFileSync(
    join(root, "etc/group"),
    users.map(({ name, id }) => `${name}:x:${id}:\n`).join(""),
  );
}

/** The mirror that this machine's own apt uses: it has the other suites too. */
async function debianMirror(): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8");
  const codename = /^VERSION_CODENAME=(.*)$/m.exec(release)?.[1] ?? "";
  const format = ["--format", "$(RELEASE) $(REPO_URI)", "Created-By: Packages"];
  const targets = (await captureOutput("apt-get", ["indextargets", ...format])).split("\n");
  const mirror = targets.find((line) => [codename, "stable"].includes(line.split(" ")[0] ?? ""));
  if (mirror === undefined) throw new Error(`apt's sources must have the suite ${codename}`);
  return mirror.split(" ")[1] ?? "";
}

/** Runs a program inside the root file system and returns what it printed. */
export function runInRoot(
  root: string,
  program: string,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  return captureOutput("chroot", [root, program, ...args], {
    env: { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin", LANG: "C.UTF-8", ...options.env },
    ...(options.input === undefined ? {} : { input: options.input }),
  });
}
