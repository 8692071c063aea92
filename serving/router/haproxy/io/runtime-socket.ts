// HAProxy's runtime API: one command after the other over its socket, connected anew when it was lost.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** HAProxy writes this after each reply of a session that asked for a prompt. */
const PROMPT = "\n> ";
/** More than any command takes (`aml plug` waits two seconds at most). */
const REPLY_TIMEOUT_MS = 10_000;

/** Commands are sent in the order of the calls. */
export class RuntimeSocket {
  readonly #path: string;
  readonly #replyTimeoutMs: number;
  #session: Promise<Session> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** @param replyTimeoutMs milliseconds after which a connection without a reply is given up */
  constructor(path: string, replyTimeoutMs = REPLY_TIMEOUT_MS) {
    this.#path = path;
    this.#replyTimeoutMs = replyTimeoutMs;
  }

  /** The reply without blanks around it. Throws when HAProxy is not there; the next call connects again. */
  command(text: string): Promise<string> {
    const reply = this.#last.then(() => this.#send(text));
    this.#last = reply.catch(() => undefined);
    return reply;
  }

  close(): void {
    void this.#session?.then((session) => session.end()).catch(() => undefined);
    this.#session = undefined;
  }

  async #send(text: string): Promise<string> {
    this.#session ??= openSession(this.#path, this.#replyTimeoutMs);
    try {
      const session = await this.#session;
      return await session.ask(text);
    } catch (error) {
      this.close();
      const [words = ""] = text.split("\n");
      throw new Error(`HAProxy did not answer '${words.slice(0, 80)}'`, { cause: error });
    }
  }
}

interface Session {
  ask(text: string): Promise<string>;
  end(): void;
}

async function openSession(path: string, replyTimeoutMs: number): Promise<Session> {
  const socket = connect(path);
  socket.setEncoding("utf8");
  await once(socket, "connect");
  // After an error between two commands the next command fails.
  socket.on("error", () => undefined);
  const session: Session = {
    ask: (text) => ask(socket, text, replyTimeoutMs),
    end: () => socket.destroy(),
  };
  try {
    await session.ask("prompt");
  } catch (error) {
    // HAProxy has few places for such connections, and keeps one that nobody closes.
    session.end();
    throw error;
  }
  return session;
}

function ask(socket: Socket, text: string, replyTimeoutMs: number): Promise<string> {
  if (socket.closed) return Promise.reject(new Error("the connection was closed"));
  return new Promise((resolve, reject) => {
    let reply = "";
    const finish = (error?: Error) => {
      clearTimeout(timer);
      socket.off("data", onData).off("error", finish).off("close", onClose);
      if (error === undefined) resolve(reply.slice(0, -PROMPT.length).trim());
      else reject(error);
    };
    const onData = (chunk: string) => {
      reply += chunk;
      if (reply.endsWith(PROMPT)) finish();
    };
    const onClose = () => finish(new Error("the connection was closed"));
    const timer = setTimeout(
      () => finish(new Error(`no reply for ${replyTimeoutMs} ms`)),
      replyTimeoutMs,
    );
    socket.on("data", onData).once("error", finish).once("close", onClose);
    socket.write(`${text}\n`);
  });
}
