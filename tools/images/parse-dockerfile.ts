// Reads from a Dockerfile how its image starts, so that the build without Docker says the same.
import type { ImageConfig } from "./image-recipe";

/**
 * The ENV, WORKDIR, USER, EXPOSE, CMD and ENTRYPOINT instructions as an image configuration.
 * Understands values without quotes or spaces and the JSON form of commands.
 * @throws Error naming an instruction that it can't read.
 */
export function parseDockerfile(text: string): ImageConfig {
  const config: { -readonly [K in keyof ImageConfig]: ImageConfig[K] } = {};
  for (const line of text.replace(/\\\n/g, " ").split("\n")) {
    const [, instruction = "", value = ""] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (instruction === "ENV") config.env = { ...config.env, ...parsePairs(value) };
    if (instruction === "WORKDIR") config.workingDir = value;
    if (instruction === "USER") config.user = value;
    if (instruction === "EXPOSE") config.exposedPorts = value.split(/\s+/).map(Number);
    if (instruction === "CMD") config.cmd = parseCommand(line);
    if (instruction === "ENTRYPOINT") config.entrypoint = parseCommand(line);
  }
  return config;
}

function parsePairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(/\s+/).map((pair) => {
      const [, key, value] = /^(\w+)=([^"'$]*)$/.exec(pair) ?? [];
      if (key === undefined || value === undefined) {
        throw new Error(`ENV must be NAME=VALUE pairs without quotes: it is ENV ${text}`);
      }
      return [key, value];
    }),
  );
}

function parseCommand(line: string): string[] {
  const json = line.slice(line.indexOf(" ")).trim();
  if (!json.startsWith("[")) throw new Error(`Commands must have the JSON form: ${line}`);
  return JSON.parse(json) as string[];
}
