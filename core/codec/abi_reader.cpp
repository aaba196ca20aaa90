#include <string>

#include "base/check.hpp"
#include "codec/abi.hpp"
#include "codec/utf8.hpp"

namespace aitbc::abi {
namespace {

// Precondition: at most one word.
bool all_zero(ByteView bytes) {
  static constexpr std::array<std::uint8_t, kWordSize> kZero{};
  return std::memcmp(bytes.data(), kZero.data(), bytes.size()) == 0;
}

// True when the word is a number below 2^64.
bool is_u64(const std::uint8_t* word) {
  std::uint64_t parts[3];
  std::memcpy(parts, word, sizeof parts);
  return (parts[0] | parts[1] | parts[2]) == 0;
}

}  // namespace

Reader::Reader(ByteView input, std::size_t head_words) : input_(input) { push(head_words); }

void Reader::set_failure(const char* what) {
  if (failure_ != nullptr) return;
  failure_ = what;
  failed_at_ = depth_ == 0 ? 0 : frames_[depth_ - 1].next;
}

void Reader::push(std::size_t head_words) {
  AITBC_CHECK(depth_ < kMaxFrames, "abi: tuples and arrays nest too deeply");
  if (head_words > (input_.size() - tail_) / kWordSize) return set_failure("the data ends too early");
  const std::size_t base = tail_;
  tail_ += head_words * kWordSize;
  frames_[depth_++] = {base, base, tail_};
}

const std::uint8_t* Reader::next_word() {
  if (failed()) return nullptr;
  Frame& frame = frames_[depth_ - 1];
  AITBC_CHECK(frame.next < frame.head_end, "abi: more fields read than declared");
  const std::uint8_t* word = input_.data() + frame.next;
  frame.next += kWordSize;
  return word;
}

std::uint64_t Reader::word_u64() {
  const std::uint8_t* word = next_word();
  if (word == nullptr) return 0;
  if (!is_u64(word)) {
    set_failure("a number is wider than its type");
    return 0;
  }
  return read_be64(ByteView(word + 24, 8));
}

Uint256 Reader::uint256() {
  const std::uint8_t* word = next_word();
  return word == nullptr ? Uint256{} : Uint256::from_be(ByteView(word, kWordSize));
}

Amount Reader::amount() {
  const auto value = to_amount(uint256());
  if (!value) set_failure("an amount is wider than 128 bits");
  return value.value_or(Amount{});
}

bool Reader::boolean() {
  const std::uint64_t value = word_u64();
  if (value > 1) set_failure("a truth value is neither 0 nor 1");
  return value == 1;
}

Address Reader::address() {
  const std::uint8_t* word = next_word();
  if (word == nullptr) return {};
  if (!all_zero({word, 12})) {
    set_failure("an address is wider than 20 bytes");
    return {};
  }
  return Address::from({word + 12, Address::kSize});
}

Hash Reader::hash() {
  const std::uint8_t* word = next_word();
  return word == nullptr ? Hash{} : Hash::from({word, kWordSize});
}

ByteView Reader::fixed_bytes(std::size_t size) {
  const std::uint8_t* word = next_word();
  if (word == nullptr) return {};
  if (!all_zero({word + size, kWordSize - size})) {
    set_failure("the padding of fixed bytes is not zero");
    return {};
  }
  return {word, size};
}

bool Reader::follow_offset() {
  if (failed()) return false;
  const std::size_t base = frames_[depth_ - 1].base;
  if (word_u64() != tail_ - base) set_failure("an offset does not point at the next tail");
  return !failed();
}

std::size_t Reader::take_length(std::size_t most) {
  if (input_.size() - tail_ < kWordSize) {
    set_failure("the data ends too early");
    return 0;
  }
  const std::uint8_t* word = input_.data() + tail_;
  tail_ += kWordSize;
  const std::uint64_t length = is_u64(word) ? read_be64(ByteView(word + 24, 8)) : ~0ULL;
  if (length > most || length > input_.size() - tail_) {
    set_failure("a length exceeds the data");
    return 0;
  }
  return static_cast<std::size_t>(length);
}

ByteView Reader::bytes() {
  if (!follow_offset()) return {};
  const std::size_t size = take_length(input_.size());
  const std::size_t rounded = (size + kWordSize - 1) / kWordSize * kWordSize;
  if (rounded > input_.size() - tail_) set_failure("the data ends too early");
  if (failed()) return {};
  const ByteView content = input_.subspan(tail_, rounded);
  if (!all_zero(content.subspan(size))) {
    set_failure("the padding of bytes is not zero");
    return {};
  }
  tail_ += rounded;
  return content.first(size);
}

std::string_view Reader::string() {
  const std::string_view text = as_text(bytes());
  if (is_utf8(text)) return text;
  set_failure("a string is not valid UTF-8");
  return {};
}

std::size_t Reader::begin_array(std::size_t words_per_element) {
  if (!follow_offset()) return 0;
  const std::size_t count = take_length(input_.size() / kWordSize / words_per_element);
  if (failed()) return 0;
  push(count * words_per_element);
  return failed() ? 0 : count;
}

void Reader::begin_tuple(std::size_t head_words) {
  if (follow_offset()) push(head_words);
}

void Reader::end() {
  if (failed()) return;
  AITBC_CHECK(depth_ > 1, "abi: end without begin");
  AITBC_CHECK(frames_[depth_ - 1].next == frames_[depth_ - 1].head_end, "abi: a declared field was not read");
  --depth_;
}

Result<void> Reader::finish() {
  if (!failed()) {
    AITBC_CHECK(depth_ == 1 && frames_[0].next == frames_[0].head_end, "abi: a declared field was not read");
    if (tail_ != input_.size()) set_failure("unexpected bytes after the last field");
  }
  if (failed())
    return fail(ErrorCode::invalid_input,
                "abi: " + std::string(failure_) + " (before byte " + std::to_string(failed_at_) + ")");
  return {};
}

}  // namespace aitbc::abi
