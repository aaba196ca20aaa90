// An HTTP request and response as a handler sees them, free of any networking library.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aitbc::http {

struct Field {
  std::string_view name;
  std::string_view value;
};

// Views into the connection's buffers: valid during the handler's call only.
struct Request {
  std::string_view method;  // as sent: "GET"
  std::string_view path;    // as sent (percent-encoded), without the query
  std::string_view query;   // what follows '?', as sent
  std::string_view body;
  std::string_view peer;  // the client's address
  std::span<const Field> fields;

  // The first field of that name, letter case ignored; empty when absent.
  std::string_view field(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields;  // further header fields
};

// Runs on the connection's thread, which serves nobody else meanwhile. Handlers of one server run
// concurrently.
using Handler = std::function<Response(const Request&)>;

// Gives the answer to one request: once, at any time, on any thread, but not beyond the server's life. When
// every copy is gone without an answer, the client gets status 500.
using Respond = std::function<void(Response)>;
// For answers that wait for something: runs as a Handler does, and returns at once. The request's views are
// valid during the call only.
using DeferredHandler = std::function<void(const Request&, Respond)>;

// "Not Found" for 404; "Unknown" for a status without a registered name.
std::string_view reason_phrase(unsigned status);
// ASCII letters compared without case.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace aitbc::http
