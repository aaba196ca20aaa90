// Solidity contract ABI: selectors, and cursors that write and read calldata, return data and event data
// field by field without describing types at run time. abi_value.hpp has the dynamic form.
//
// One encoding per value: Writer makes the encoding of the ABI specification's strict mode, Reader refuses
// every other one (offsets that leave gaps, overlap or run backwards, non-zero padding, values that are wider
// than their type, trailing bytes). Each byte is thus read once and nothing larger than the input is made.
#pragma once

#include <array>
#include <concepts>
#include <limits>
#include <string_view>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"

namespace aitbc::abi {

using Selector = FixedBytes<4, struct SelectorTag>;

inline constexpr std::size_t kWordSize = 32;
// How deep arrays and tuples may nest in Writer and Reader.
inline constexpr std::size_t kMaxFrames = 8;

// Of a canonical signature such as "transfer(address,uint256)": the first four bytes of its keccak256 / all.
Selector selector(std::string_view signature);
Hash event_topic(std::string_view signature);

// One word, as indexed event fields and storage-like slots hold it.
Hash to_word(std::uint64_t value);
Hash to_word(const Uint256& value);
Hash to_word(Amount value);
Hash to_word(const Address& value);

// The revert data of `revert("message")` and require(): Error(string).
Bytes encode_error_string(std::string_view message);

// Builds the encoding of one tuple (a call's arguments, a return value, an event's data). Fields are written
// in order. `head_words` counts one word per static field (a static tuple or array: one per word in it) and
// one per dynamic field:
//     bookGpu(uint64,(address,string)[],bytes32)
//     Writer out(3, selector);
//     out.u64(id).begin_array(2).begin_tuple(2).address(a).string("x").end() ... .end().hash(reference);
//     Bytes calldata = out.take();
// Preconditions (checked): exactly the declared words are written, begin and end pair up.
class Writer {
 public:
  // `prefix` (a selector, or nothing) goes in front and is not part of any offset.
  explicit Writer(std::size_t head_words, ByteView prefix = {});

  Writer& u64(std::uint64_t value);
  Writer& uint256(const Uint256& value);
  Writer& amount(Amount value) { return uint256(value.to_uint256()); }
  Writer& boolean(bool value) { return u64(value ? 1 : 0); }
  Writer& address(const Address& value);
  // bytes1 to bytes32; precondition: size at most 32.
  Writer& fixed_bytes(ByteView value);
  Writer& hash(const Hash& value) { return fixed_bytes(value); }
  Writer& bytes(ByteView value);
  Writer& string(std::string_view value) { return bytes(as_bytes(value)); }

  // T[] of `count` elements. Elements of a static type take `words_per_element` words each; elements of a
  // dynamic type one, and are written as bytes(), string(), begin_array() or begin_tuple().
  Writer& begin_array(std::size_t count, std::size_t words_per_element = 1);
  // A tuple, or T[n], that has a dynamic part. (Static ones are written in place, word by word.)
  Writer& begin_tuple(std::size_t head_words);
  Writer& end();

  Bytes take();

 private:
  struct Frame {
    std::size_t base;      // what offsets count from
    std::size_t next;      // the head word to write next
    std::size_t head_end;  // where tails begin
  };
  std::uint8_t* next_word();
  void offset_to_end();
  void push(std::size_t head_words);

  Bytes out_;
  std::array<Frame, kMaxFrames> frames_{};
  std::size_t depth_ = 0;
};

// Reads what Writer writes, in the same order. A bad field makes this and every later read return a zero or
// empty value and finish() fail, so that a call is decoded straight through and judged once:
//     Reader in(calldata.subspan(4), 2);
//     const auto id = in.u64();
//     const auto name = in.string();
//     AITBC_TRY(in.finish());
// Views point into the input. Preconditions (checked): as for Writer.
class Reader {
 public:
  Reader(ByteView input, std::size_t head_words);

  std::uint64_t u64() { return narrow<std::uint64_t>(); }
  std::uint32_t u32() { return narrow<std::uint32_t>(); }
  std::uint16_t u16() { return narrow<std::uint16_t>(); }
  std::uint8_t u8() { return narrow<std::uint8_t>(); }
  Uint256 uint256();
  // uint128, and uint256 where only amounts make sense.
  Amount amount();
  bool boolean();
  Address address();
  Hash hash();
  // bytesN: the first N bytes; the others must be zero. Precondition: 1 <= size <= 32.
  ByteView fixed_bytes(std::size_t size);
  ByteView bytes();
  // Valid UTF-8.
  std::string_view string();

  // The number of elements that follow, at most what the rest of the input can hold; 0 after a failure.
  std::size_t begin_array(std::size_t words_per_element = 1);
  void begin_tuple(std::size_t head_words);
  void end();

  bool failed() const { return failure_ != nullptr; }
  // Fails (invalid_input) when any field was malformed or bytes are left over.
  Result<void> finish();

 private:
  struct Frame {
    std::size_t base;
    std::size_t next;
    std::size_t head_end;
  };
  template <std::unsigned_integral T>
  T narrow() {
    const std::uint64_t value = word_u64();
    if (value > std::numeric_limits<T>::max()) {
      set_failure("a number is wider than its type");
      return 0;
    }
    return static_cast<T>(value);
  }
  // The next head word, or nullptr after a failure.
  const std::uint8_t* next_word();
  std::uint64_t word_u64();
  // Follows the next head word to the tail, which must start exactly where the last one ended.
  bool follow_offset();
  // A length word at the tail.
  std::size_t take_length(std::size_t most);
  void push(std::size_t head_words);
  void set_failure(const char* what);

  ByteView input_;
  std::size_t tail_ = 0;  // end of what was claimed so far
  std::array<Frame, kMaxFrames> frames_{};
  std::size_t depth_ = 0;
  const char* failure_ = nullptr;
  std::size_t failed_at_ = 0;
};

}  // namespace aitbc::abi
