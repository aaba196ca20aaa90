#include "codec/rlp.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace aitbc::rlp {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::size_t kFirstBuffer = 256;
constexpr std::size_t kLongestPrefix = 9;

struct Prefix {
  std::uint8_t bytes[kLongestPrefix];
  std::size_t size;
};

Prefix make_prefix(std::uint8_t base, std::size_t payload_size) {
  Prefix out{};
  if (payload_size <= kMaxShort) {
    out.bytes[0] = static_cast<std::uint8_t>(base + payload_size);
    out.size = 1;
    return out;
  }
  const std::size_t width = significant_bytes(payload_size);
  out.bytes[0] = static_cast<std::uint8_t>(base + kMaxShort + width);
  for (std::size_t i = 0; i < width; ++i)
    out.bytes[1 + i] = static_cast<std::uint8_t>(payload_size >> (8 * (width - 1 - i)));
  out.size = 1 + width;
  return out;
}

bool is_own_encoding(ByteView payload) { return payload.size() == 1 && payload[0] < kStringBase; }

tl::unexpected<Error> malformed(const char* what) { return fail(ErrorCode::invalid_input, what); }

Result<std::size_t> long_length(ByteView input, std::size_t width) {
  if (input.size() < 1 + width) return malformed("rlp: input ends inside a length");
  if (input[1] == 0) return malformed("rlp: length with leading zeros");
  std::size_t length = 0;
  for (std::size_t i = 0; i < width; ++i) length = length << 8 | input[1 + i];
  if (length <= kMaxShort) return malformed("rlp: long form of a short length");
  return length;
}

Result<void> check_items(Decoder& items, int depth);

Result<void> check_item(Decoder& items, int depth) {
  if (!items.next_is_list()) {
    AITBC_TRY(items.bytes());
    return {};
  }
  if (depth == kMaxDepth) return malformed("rlp: lists are nested too deeply");
  AITBC_ASSIGN(Decoder nested, items.list());
  return check_items(nested, depth + 1);
}

Result<void> check_items(Decoder& items, int depth) {
  while (!items.at_end()) AITBC_TRY(check_item(items, depth));
  return {};
}

}  // namespace

void Encoder::grow(std::size_t size) {
  capacity_ = std::max({kFirstBuffer, capacity_ * 2, size_ + size});
  auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity_);
  std::copy_n(out_.get(), size_, larger.get());
  out_ = std::move(larger);
}

Encoder& Encoder::bytes(ByteView value) {
  std::uint8_t* at = room(kLongestPrefix + value.size());
  if (!is_own_encoding(value)) {
    if (value.size() <= kMaxShort) {
      *at++ = static_cast<std::uint8_t>(kStringBase + value.size());
    } else {
      const Prefix prefix = make_prefix(kStringBase, value.size());
      at = std::copy_n(prefix.bytes, prefix.size, at);
    }
  }
  at = std::copy(value.begin(), value.end(), at);
  size_ = static_cast<std::size_t>(at - out_.get());
  return *this;
}

Encoder& Encoder::uint256(const Uint256& value) {
  if (value.fits_u64()) return u64(value.low_u64());
  const auto digits = value.to_be();
  return bytes(ByteView(digits).last(value.byte_length()));
}

Encoder& Encoder::raw(ByteView item) {
  std::copy(item.begin(), item.end(), room(item.size()));
  size_ += item.size();
  return *this;
}

Encoder& Encoder::begin_list() {
  *room(1) = kListBase;  // until its length is known
  open_lists_.push_back(++size_);
  return *this;
}

Encoder& Encoder::end_list() {
  AITBC_CHECK(!open_lists_.empty(), "rlp: end_list without begin_list");
  const std::size_t start = open_lists_.back();
  open_lists_.pop_back();
  const Prefix prefix = make_prefix(kListBase, size_ - start);
  const std::size_t more = prefix.size - 1;
  std::uint8_t* const end = room(more);
  std::uint8_t* const content = out_.get() + start;
  if (more != 0) std::copy_backward(content, end, end + more);
  std::copy_n(prefix.bytes, prefix.size, content - 1);
  size_ += more;
  return *this;
}

Bytes Encoder::take() {
  Bytes out = to_bytes(view());
  clear();
  return out;
}

void Encoder::clear() {
  size_ = 0;
  open_lists_.clear();
}

Result<Decoder::Item> Decoder::next() {
  if (rest_.empty()) return malformed("rlp: an item is missing");
  const std::uint8_t first = rest_[0];
  const bool is_list = first >= kListBase;
  std::size_t header = 1;
  std::size_t length = 1;
  if (first < kStringBase) {
    header = 0;
  } else {
    length = static_cast<std::size_t>(first - (is_list ? kListBase : kStringBase));
    if (length > kMaxShort) {
      const std::size_t width = length - kMaxShort;
      AITBC_ASSIGN(length, long_length(rest_, width));
      header += width;
    }
  }
  if (length > rest_.size() - header) return malformed("rlp: input ends inside an item");
  const Item item{rest_.subspan(header, length), rest_.first(header + length), is_list};
  if (!is_list && header != 0 && is_own_encoding(item.payload))
    return malformed("rlp: a byte below 0x80 stands for itself");
  rest_ = rest_.subspan(item.whole.size());
  return item;
}

Result<ByteView> Decoder::bytes() {
  // The short forms, which nearly all items have, without the general way through next().
  if (!rest_.empty() && rest_[0] <= kStringBase + kMaxShort) {
    const bool is_own = rest_[0] < kStringBase;
    const std::size_t header = is_own ? 0 : 1;
    const std::size_t length = is_own ? 1 : static_cast<std::size_t>(rest_[0] - kStringBase);
    if (length <= rest_.size() - header) {
      const ByteView payload = rest_.subspan(header, length);
      if (is_own || !is_own_encoding(payload)) {
        rest_ = rest_.subspan(header + length);
        return payload;
      }
    }
  }
  if (next_is_list()) return malformed("rlp: expected a string, found a list");
  AITBC_ASSIGN(const Item item, next());
  return item.payload;
}

Result<std::string> Decoder::text() {
  AITBC_ASSIGN(const ByteView value, bytes());
  return std::string(as_text(value));
}

Result<Uint256> Decoder::uint256() {
  AITBC_ASSIGN(const ByteView digits, bytes());
  if (digits.size() > 32) return malformed("rlp: number larger than 256 bits");
  if (!digits.empty() && digits[0] == 0) return malformed("rlp: number with leading zeros");
  return Uint256::from_be(digits);
}

Result<std::uint64_t> Decoder::u64() {
  AITBC_ASSIGN(const ByteView digits, bytes());
  if (digits.size() > 8) return malformed("rlp: number larger than 64 bits");
  if (!digits.empty() && digits[0] == 0) return malformed("rlp: number with leading zeros");
  std::uint64_t value = 0;
  for (const std::uint8_t digit : digits) value = value << 8 | digit;
  return value;
}

Result<Amount> Decoder::amount() {
  AITBC_ASSIGN(const ByteView digits, bytes());
  if (digits.size() > 32) return malformed("rlp: number larger than 256 bits");
  if (!digits.empty() && digits[0] == 0) return malformed("rlp: number with leading zeros");
  if (digits.size() > sizeof(uint128)) return malformed("rlp: amount larger than 128 bits");
  uint128 value = 0;
  for (const std::uint8_t digit : digits) value = value << 8 | digit;
  return Amount::from_units(value);
}

Result<bool> Decoder::boolean() {
  AITBC_ASSIGN(const std::uint64_t value, u64());
  if (value > 1) return malformed("rlp: a truth value is 0 or 1");
  return value == 1;
}

Result<Decoder> Decoder::list() {
  if (!rest_.empty() && !next_is_list()) return malformed("rlp: expected a list, found a string");
  AITBC_ASSIGN(const Item item, next());
  return Decoder(item.payload);
}

Result<ByteView> Decoder::raw() {
  AITBC_ASSIGN(const Item item, next());
  return item.whole;
}

Result<void> Decoder::finish() const {
  if (!rest_.empty()) return malformed("rlp: unexpected bytes after the last item");
  return {};
}

Result<Decoder> decode_list(ByteView input) {
  Decoder outer(input);
  AITBC_ASSIGN(Decoder content, outer.list());
  AITBC_TRY(outer.finish());
  return content;
}

Result<void> check_canonical(ByteView input) {
  Decoder outer(input);
  AITBC_TRY(check_item(outer, 0));
  return outer.finish();
}

std::size_t encoded_size(ByteView payload) {
  if (is_own_encoding(payload)) return 1;
  return make_prefix(kStringBase, payload.size()).size + payload.size();
}

}  // namespace aitbc::rlp
