// What HAProxy answers to a request that it can't read: no rule has run then, so these answers are whole messages in files.

/** Folder of the files in the settings' folder; their names are `<status>.http`. */
export const ERROR_FOLDER = "errors";

interface KnownError {
  readonly status: number;
  readonly reason: string;
  readonly code: string;
  readonly message: string;
}

/** Of HAProxy's parser of HTTP/1 (mux_h1), and of rules that name no answer of their own. */
const ERRORS: readonly KnownError[] = [
  {
    ...{ status: 400, reason: "Bad Request", code: "BadRequest" },
    message: "The request is not valid HTTP, or has more than 100 headers.",
  },
  {
    ...{ status: 405, reason: "Method Not Allowed", code: "MethodNotAllowed" },
    message: "This protocol is not served here.",
  },
  {
    ...{ status: 408, reason: "Request Timeout", code: "RequestTimeout" },
    message: "The request did not arrive in time.",
  },
  {
    ...{ status: 413, reason: "Content Too Large", code: "PayloadTooLarge" },
    message: "This method may have no body in HTTP/1.0.",
  },
  {
    ...{ status: 414, reason: "URI Too Long", code: "UriTooLong" },
    message: "The address is too long.",
  },
  {
    ...{ status: 422, reason: "Unprocessable Content", code: "UnprocessableRequest" },
    message: "The framing of the body can't be processed.",
  },
  {
    ...{ status: 431, reason: "Request Header Fields Too Large", code: "HeaderTooLarge" },
    message: "The header of the request is too large.",
  },
  {
    ...{ status: 500, reason: "Internal Server Error", code: "InternalError" },
    message: "The router failed to handle the request.",
  },
  {
    ...{ status: 501, reason: "Not Implemented", code: "NotImplemented" },
    message: "The transfer encoding of the body is not known.",
  },
];

export interface ErrorFile {
  readonly status: number;
  /** Relative to the settings' folder. */
  readonly path: string;
  readonly text: string;
}

/** All of them. A page may read them whatever its origin: they say nothing about anybody. */
export function errorFiles(): readonly ErrorFile[] {
  return ERRORS.map(({ status, reason, code, message }) => {
    const body = JSON.stringify({ code, message });
    const head = [
      `HTTP/1.1 ${status} ${reason}`,
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(body)}`,
      "access-control-allow-origin: *",
    ];
    return {
      status,
      path: `${ERROR_FOLDER}/${status}.http`,
      text: `${head.join("\r\n")}\r\n\r\n${body}`,
    };
  });
}
