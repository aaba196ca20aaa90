// Reads one HTTP request from bytes. Beast's parser knows the grammar; the parts land in buffers that a
// connection keeps, so that a request costs no allocation once they have grown. Internal to core/http.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <string>
#include <vector>

#include "http/impl/byte_budget.hpp"
#include "http/message.hpp"

namespace aitbc::http {

// The parts of a request. Reused from one request to the next.
class RequestParts {
 public:
  // Large bodies are counted in `budget`.
  explicit RequestParts(ByteBudget& budget) : body_share_(budget) {}
  RequestParts(const RequestParts&) = delete;
  RequestParts& operator=(const RequestParts&) = delete;

  // Forgets the request, and memory beyond what an ordinary one needs.
  void clear();
  // The same of the body alone.
  void drop_body();
  void set_request_line(std::string_view method, std::string_view target);
  void add_field(std::string_view name, std::string_view value);
  // False when the budget is used up.
  [[nodiscard]] bool append_body(std::string_view part);
  void expect_body(std::size_t size);

  // Views into this object, until it changes.
  Request request(std::string_view peer);
  std::string_view path() const;

 private:
  struct Range {
    std::size_t begin = 0;
    std::size_t size = 0;
  };
  std::string_view at(Range range) const { return std::string_view(text_).substr(range.begin, range.size); }
  Range store(std::string_view part);

  std::string text_;  // request line and fields
  Range method_;
  Range target_;
  std::vector<std::pair<Range, Range>> fields_;
  std::vector<Field> views_;
  std::string body_;
  BudgetShare body_share_;
};

// error codes of its own, beside Beast's
boost::system::error_code server_busy();
boost::system::error_code unknown_transfer_encoding();

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(RequestParts& parts) : parts_(parts) { eager(true); }

 private:
  using Error = boost::system::error_code;
  using View = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, View method, View target, int, Error&) override;
  void on_response_impl(int, View, int, Error&) override {}
  void on_field_impl(boost::beast::http::field, View name, View value, Error&) override;
  void on_header_impl(Error&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Error&) override;
  std::size_t on_body_impl(View body, Error&) override;
  void on_chunk_header_impl(std::uint64_t, View, Error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View body, Error&) override;
  void on_finish_impl(Error&) override {}

  RequestParts& parts_;
};

}  // namespace aitbc::http
