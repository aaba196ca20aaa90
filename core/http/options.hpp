// What an HTTP server allows its clients.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace aitbc::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8545;  // 0: any free one, see Server::port()
  std::size_t threads = 4;    // a connection stays on its thread; handlers may block it
  // Whether these threads leave the processors to the program's others when there are too few for all.
  bool lets_others_go_first = false;

  // PEM files: the server's certificate followed by those that vouch for it, and its key. Both or neither;
  // with them the port speaks TLS 1.2 or newer (HTTPS, WSS) and nothing else. Read once, at start().
  std::string tls_certificate_file;
  std::string tls_key_file;

  std::size_t max_connections = 1024;
  std::size_t max_header_bytes = 16U << 10;
  std::size_t max_body_bytes = 25U << 20;
  // Of all clients together, for large messages: bodies being received, and output that waits to be read.
  std::size_t max_total_body_bytes = 256U << 20;
  std::size_t max_total_output_bytes = 512U << 20;

  std::chrono::milliseconds header_timeout{15'000};  // from a request's first byte to the end of its header
  std::chrono::milliseconds body_timeout{60'000};    // for the body after that
  std::chrono::milliseconds idle_timeout{120'000};   // between requests
  std::chrono::milliseconds write_timeout{30'000};   // without progress while the client should read
  // After an error response: how long to read on (and discard), so that the client gets to see the response
  // instead of a reset. Also how long stop() waits for requests in flight.
  std::chrono::milliseconds linger_timeout{2'000};

  // Origins whose pages may read responses ("https://wallet.example", or "*"). Empty: CORS is off.
  std::vector<std::string> cors_origins;
  // Names that a Host field may carry, against DNS rebinding; IP addresses always pass, "*" lets all pass.
  std::vector<std::string> allowed_hosts{"localhost"};

  std::size_t max_websocket_message_bytes = 25U << 20;
  // Notifications that wait for one client to read them; beyond it the client is disconnected. Responses do
  // not count: a client that leaves as many of them unread is not listened to until it reads on.
  std::size_t max_websocket_queue_bytes = 8U << 20;
  // Without any sign of life (a ping goes out at half of it) the peer is taken for gone.
  std::chrono::milliseconds websocket_idle_timeout{60'000};
};

}  // namespace aitbc::http
