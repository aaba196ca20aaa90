// One client's HTTP connection: request after request, each answered in order. Internal to core/http.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <optional>
#include <string>

#include "http/impl/request_parser.hpp"
#include "http/impl/stream.hpp"
#include "http/impl/worker.hpp"

namespace aitbc::http {

class HttpSession final : public Connection {
 public:
  HttpSession(Worker& worker, Stream stream, Ticket ticket);

  void start();
  // Answers 503 and ends.
  void refuse_connection();
  void on_deadline() override;
  void shut_down() override;

 private:
  enum class Stage {
    handshake,  // TLS is being agreed on
    waiting,    // for the first byte of a request
    header,     // in the middle of a request's header
    body,       // in the middle of its body
    deferred,   // its answer comes later
    writing,    // the client is to read the response
    draining,   // everything is said; reading on until the client closes
    closed,
  };
  enum class Parsed { need_more, complete, refused };
  using Error = boost::system::error_code;

  // Calls `next` once bytes can be exchanged.
  void open(void (HttpSession::*next)());
  void read_first();
  void refuse_politely();
  void expect_request();
  // Answers what is in the buffer as far as it goes, then reads on.
  void process();
  Parsed parse();
  void note_progress();
  void read_more();
  void on_read(const Error& error, std::size_t size);

  // True when the response is written and another request may follow; otherwise the rest happens later.
  bool answer();
  bool respond(const Request& request, Response response);
  void refuse(unsigned status, std::string message);
  void refuse(const Error& error);
  void put_head(const Request& request, const Response& response);
  // nullopt: the answer comes later.
  std::optional<Response> handle(const Request& request);
  void defer(const Request& request, const DeferredHandler& handler);
  Response preflight(const Request& request, std::string allowed_methods);

  // As answer().
  bool write();
  void continue_write();
  void on_write(const Error& error, std::size_t size);
  bool finish_response();
  void drain();
  void close();

  bool wants_websocket(const Request& request);
  void upgrade(const Request& request);

  Stream stream_;
  std::string peer_;
  boost::beast::flat_buffer in_;
  RequestParts parts_;
  std::optional<RequestParser> parser_;
  std::string head_;  // of the response, and its body
  std::string body_;
  BudgetShare output_share_;
  std::size_t written_ = 0;
  Stage stage_ = Stage::waiting;
  bool reading_ = false;
  bool keep_alive_ = false;
};

}  // namespace aitbc::http
