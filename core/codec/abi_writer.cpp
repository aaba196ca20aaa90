#include "base/check.hpp"
#include "codec/abi.hpp"
#include "crypto/keccak.hpp"

namespace aitbc::abi {
namespace {

std::size_t padded(std::size_t size) { return (size + kWordSize - 1) / kWordSize * kWordSize; }

}  // namespace

Selector selector(std::string_view signature) {
  return Selector::from(event_topic(signature).view().first(Selector::kSize));
}

Hash event_topic(std::string_view signature) { return keccak256(as_bytes(signature)); }

Hash to_word(std::uint64_t value) {
  Hash out;
  store_be64(out.data() + 24, value);
  return out;
}

Hash to_word(const Uint256& value) {
  Hash out;
  out.bytes = value.to_be();
  return out;
}

Hash to_word(Amount value) { return to_word(value.to_uint256()); }

Hash to_word(const Address& value) {
  Hash out;
  std::copy(value.bytes.begin(), value.bytes.end(), out.bytes.begin() + 12);
  return out;
}

Bytes encode_error_string(std::string_view message) {
  static const Selector kErrorString = selector("Error(string)");
  return Writer(1, kErrorString).string(message).take();
}

Writer::Writer(std::size_t head_words, ByteView prefix) {
  out_.reserve(prefix.size() + 2 * head_words * kWordSize);
  append(out_, prefix);
  push(head_words);
}

void Writer::push(std::size_t head_words) {
  AITBC_CHECK(depth_ < kMaxFrames, "abi: tuples and arrays nest too deeply");
  const std::size_t base = out_.size();
  out_.resize(base + head_words * kWordSize);
  frames_[depth_++] = {base, base, out_.size()};
}

std::uint8_t* Writer::next_word() {
  Frame& frame = frames_[depth_ - 1];
  AITBC_CHECK(frame.next < frame.head_end, "abi: more fields written than declared");
  std::uint8_t* word = out_.data() + frame.next;
  frame.next += kWordSize;
  return word;
}

void Writer::offset_to_end() { u64(out_.size() - frames_[depth_ - 1].base); }

Writer& Writer::u64(std::uint64_t value) {
  store_be64(next_word() + 24, value);
  return *this;
}

Writer& Writer::uint256(const Uint256& value) {
  std::uint8_t* word = next_word();
  for (std::size_t i = 0; i < 4; ++i) store_be64(word + 8 * i, value.limb(i));
  return *this;
}

Writer& Writer::address(const Address& value) {
  std::copy(value.bytes.begin(), value.bytes.end(), next_word() + 12);
  return *this;
}

Writer& Writer::fixed_bytes(ByteView value) {
  AITBC_CHECK(value.size() <= kWordSize, "abi: fixed bytes longer than a word");
  std::copy(value.begin(), value.end(), next_word());
  return *this;
}

Writer& Writer::bytes(ByteView value) {
  offset_to_end();
  const std::size_t at = out_.size();
  out_.resize(at + kWordSize + padded(value.size()));
  store_be64(out_.data() + at + 24, value.size());
  std::copy(value.begin(), value.end(), out_.data() + at + kWordSize);
  return *this;
}

Writer& Writer::begin_array(std::size_t count, std::size_t words_per_element) {
  offset_to_end();
  const std::size_t at = out_.size();
  out_.resize(at + kWordSize);
  store_be64(out_.data() + at + 24, count);
  push(count * words_per_element);
  return *this;
}

Writer& Writer::begin_tuple(std::size_t head_words) {
  offset_to_end();
  push(head_words);
  return *this;
}

Writer& Writer::end() {
  AITBC_CHECK(depth_ > 1, "abi: end without begin");
  AITBC_CHECK(frames_[depth_ - 1].next == frames_[depth_ - 1].head_end, "abi: a declared field is missing");
  --depth_;
  return *this;
}

Bytes Writer::take() {
  AITBC_CHECK(depth_ == 1, "abi: an array or tuple was not ended");
  AITBC_CHECK(frames_[0].next == frames_[0].head_end, "abi: a declared field is missing");
  return std::move(out_);
}

}  // namespace aitbc::abi
