// An HTTP/1.1 client for plain and TLS connections (1.2 and up, certificate and host name verified).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "wallet/web/url.hpp"

namespace aitbc::web {

struct ClientOptions {
  std::chrono::milliseconds timeout{30'000};  // of a whole exchange, connecting included
  std::size_t max_response_bytes = 256U << 20;
  // PEM file of the authorities to trust; empty: the system's.
  std::string ca_file{};
  // Refuses loopback, private, link-local and multicast addresses: for URLs that strangers chose.
  bool public_addresses_only = false;
};

struct HttpRequest {
  std::string method = "GET";
  Url url;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  // Doing it twice does no harm: when a kept connection turns out to be closed, a fresh one is tried.
  bool repeatable = false;
};

struct HttpReply {
  unsigned status = 0;
  std::string body;
  std::string retry_after;  // the field of that name, empty when absent
};

struct HttpFailure {
  // Whether the server may have got the whole request. If not, it has certainly not acted on it.
  bool was_sent = false;
  std::string message;
};

// Keeps one connection to the last server. Not thread-safe. Redirects are answers like others.
class HttpClient {
 public:
  explicit HttpClient(ClientOptions options = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  tl::expected<HttpReply, HttpFailure> send(const HttpRequest& request);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc::web
