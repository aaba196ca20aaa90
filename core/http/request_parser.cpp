#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

#include "http/impl/request_parser.hpp"

namespace aitbc::http {
namespace {

// Bodies up to this size are not worth an atomic operation, nor giving their memory back.
constexpr std::size_t kOrdinaryBody = 64U << 10;
constexpr std::size_t kCountingStep = 64U << 10;
// Before that much of a body has arrived, its announced length is only a claim.
constexpr std::size_t kMaxReserve = 1U << 20;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

boost::system::error_code server_busy() { return make_error_code(boost::system::errc::not_enough_memory); }

boost::system::error_code unknown_transfer_encoding() {
  return make_error_code(boost::system::errc::operation_not_supported);
}

void RequestParts::clear() {
  text_.clear();
  fields_.clear();
  views_.clear();
  method_ = {};
  target_ = {};
  drop_body();
}

void RequestParts::drop_body() {
  body_.clear();
  if (body_.capacity() > kOrdinaryBody) std::string().swap(body_);
  body_share_.clear();
}

RequestParts::Range RequestParts::store(std::string_view part) {
  const Range range{text_.size(), part.size()};
  text_.append(part);
  return range;
}

void RequestParts::set_request_line(std::string_view method, std::string_view target) {
  method_ = store(method);
  target_ = store(target);
}

void RequestParts::add_field(std::string_view name, std::string_view value) {
  const Range stored = store(name);
  fields_.emplace_back(stored, store(value));
}

void RequestParts::expect_body(std::size_t size) { body_.reserve(std::min(size, kMaxReserve)); }

bool RequestParts::append_body(std::string_view part) {
  const std::size_t size = body_.size() + part.size();
  if (size > kOrdinaryBody && size > body_share_.taken()) {
    if (!body_share_.take(std::max(size - body_share_.taken(), kCountingStep))) return false;
  }
  body_.append(part);
  return true;
}

std::string_view RequestParts::path() const {
  std::string_view target = at(target_);
  // The absolute form, as sent to proxies: scheme and authority say nothing that Host does not.
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && target[0] != '/') {
    const std::size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target.substr(0, target.find('?'));
}

Request RequestParts::request(std::string_view peer) {
  views_.clear();
  for (const auto& [name, value] : fields_) views_.push_back({at(name), at(value)});
  const std::string_view target = at(target_);
  const std::size_t question = target.find('?');
  return {.method = at(method_),
          .path = path(),
          .query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1),
          .body = body_,
          .peer = peer,
          .fields = views_};
}

void RequestParser::on_request_impl(boost::beast::http::verb, View method, View target, int, Error&) {
  parts_.set_request_line(view(method), view(target));
}

void RequestParser::on_field_impl(boost::beast::http::field name, View name_string, View value,
                                  Error& error) {
  if (is_header_done()) return;  // a trailer after a chunked body: nobody here asks for those
  if (name == boost::beast::http::field::transfer_encoding && !chunked()) error = unknown_transfer_encoding();
  parts_.add_field(view(name_string), view(value));
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, Error&) {
  if (length) parts_.expect_body(static_cast<std::size_t>(*length));
}

std::size_t RequestParser::on_body_impl(View body, Error& error) {
  if (!parts_.append_body(view(body))) error = server_busy();
  return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, View body, Error& error) {
  return on_body_impl(body, error);
}

}  // namespace aitbc::http
