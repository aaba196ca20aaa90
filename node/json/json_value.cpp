#include "node/json/json_value.hpp"

#include <boost/json.hpp>
#include <new>

namespace aitbc {
namespace json = boost::json;

namespace {

constexpr std::size_t kValueBuffer = 16U << 10;
constexpr std::size_t kParserBuffer = 4U << 10;
constexpr std::size_t kMaxDepth = 32;
// Memory for values, as a multiple of the text's size. Honest requests carry long strings and need little
// more than once; "[0,0,0,..." would need eight times.
constexpr std::size_t kMemoryFactor = 4;
constexpr std::size_t kMemoryBase = 256U << 10;

// Hands out at most `limit` bytes at a time.
class LimitedMemory final : public json::memory_resource {
 public:
  void set_limit(std::size_t limit) { limit_ = limit; }

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (size > limit_ - used_) throw std::bad_alloc();
    void* memory = ::operator new(size, std::align_val_t(alignment));
    used_ += size;
    return memory;
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override {
    used_ -= size;
    ::operator delete(memory, std::align_val_t(alignment));
  }
  bool do_is_equal(const json::memory_resource& other) const noexcept override { return this == &other; }

  std::size_t limit_ = 0;
  std::size_t used_ = 0;
};

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct JsonDocument::Impl {
  LimitedMemory memory;
  unsigned char value_buffer[kValueBuffer];
  unsigned char parser_buffer[kParserBuffer];
  json::monotonic_resource values{value_buffer, kValueBuffer, &memory};
  json::value root;
};

JsonDocument::JsonDocument() : impl_(std::make_unique_for_overwrite<Impl>()) {}
JsonDocument::~JsonDocument() = default;

Result<Json> JsonDocument::parse(std::string_view text) {
  impl_->root.~value();
  impl_->values.release();
  new (&impl_->root) json::value(&impl_->values);
  impl_->memory.set_limit(kMemoryBase + kMemoryFactor * text.size());

  json::parse_options options;
  options.max_depth = kMaxDepth;
  try {
    json::parser parser(json::storage_ptr(&impl_->memory), options, impl_->parser_buffer, kParserBuffer);
    parser.reset(&impl_->values);
    json::error_code error;
    parser.write(text.data(), text.size(), error);
    if (error) return fail(ErrorCode::invalid_input, error.message());
    impl_->root = parser.release();
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::limit, "too many values");
  }
  return Json(impl_->root);
}

Json::Kind Json::kind() const {
  if (value_ == nullptr) return Kind::null;
  switch (value_->kind()) {
    case json::kind::null:
      return Kind::null;
    case json::kind::bool_:
      return Kind::boolean;
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return Kind::number;
    case json::kind::string:
      return Kind::string;
    case json::kind::array:
      return Kind::array;
    case json::kind::object:
      return Kind::object;
  }
  return Kind::null;
}

bool Json::boolean() const { return value_->get_bool(); }
std::string_view Json::string() const { return view(value_->get_string()); }

std::optional<std::uint64_t> Json::u64() const {
  if (value_ == nullptr) return std::nullopt;
  json::error_code error;
  const auto number = value_->to_number<std::uint64_t>(error);
  if (error) return std::nullopt;
  return number;
}

double Json::number() const { return value_->to_number<double>(); }

std::size_t Json::size() const {
  if (is_array()) return value_->get_array().size();
  return is_object() ? value_->get_object().size() : 0;
}

Json Json::operator[](std::size_t index) const { return Json(value_->get_array()[index]); }

std::pair<std::string_view, Json> Json::member(std::size_t index) const {
  const auto& pair = *(value_->get_object().begin() + static_cast<std::ptrdiff_t>(index));
  return {view(pair.key()), Json(pair.value())};
}

Json Json::find(std::string_view name) const {
  if (!is_object()) return {};
  const json::value* found = value_->get_object().if_contains({name.data(), name.size()});
  return found == nullptr ? Json{} : Json(*found);
}

bool Json::has(std::string_view name) const {
  return is_object() && value_->get_object().contains({name.data(), name.size()});
}

std::string Json::text() const { return value_ == nullptr ? "null" : json::serialize(*value_); }

}  // namespace aitbc
