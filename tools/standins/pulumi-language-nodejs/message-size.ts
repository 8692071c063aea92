// The size of gRPC messages that Pulumi's own programs allow each other.

const bytes = 400 * 1024 * 1024;

/** Options of a server or client; gRPC's default of 4 MiB is too small for large resources. */
export const messageSizeOptions = {
  "grpc.max_receive_message_length": bytes,
  "grpc.max_send_message_length": bytes,
};
