#include "crypto/keccak_sponge.hpp"

#include <array>

namespace aitbc::keccak {
namespace {

constexpr std::size_t kWords = 25;
constexpr std::size_t kRate = 136;  // bytes absorbed per permutation

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "Keccak's words are little-endian");

std::uint64_t load(const std::uint8_t* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, 8);
  return word;
}

void absorb(std::uint64_t* state, std::size_t stride, const std::uint8_t* block) {
  for (std::size_t i = 0; i < kRate / 8; ++i) state[i * stride] ^= load(block + 8 * i);
}

// Absorbs the end of the input (less than a block) with its padding: a 1 bit after it, and one at the block's
// end.
void absorb_last(std::uint64_t* state, std::size_t stride, ByteView rest) {
  const std::size_t words = rest.size() / 8;
  for (std::size_t i = 0; i < words; ++i) state[i * stride] ^= load(rest.data() + 8 * i);
  std::uint64_t partial = std::uint64_t{1} << 8 * (rest.size() % 8);
  for (std::size_t i = 0; i < rest.size() % 8; ++i) partial |= std::uint64_t{rest[8 * words + i]} << 8 * i;
  state[words * stride] ^= partial;
  state[(kRate / 8 - 1) * stride] ^= std::uint64_t{0x80} << 56;
}

Hash squeeze(const std::uint64_t* state, std::size_t stride) {
  Hash out;
  for (std::size_t i = 0; i < Hash::kSize / 8; ++i) std::memcpy(out.data() + 8 * i, state + i * stride, 8);
  return out;
}

Hash finish(Permute permute, std::uint64_t* state, ByteView rest) {
  for (; rest.size() >= kRate; rest = rest.subspan(kRate)) {
    absorb(state, 1, rest.data());
    permute(state);
  }
  absorb_last(state, 1, rest);
  permute(state);
  return squeeze(state, 1);
}

// The lanes of a wide permutation, each with the input it works on.
class Lanes {
 public:
  Lanes(const Variant& wide, std::span<const ByteView> inputs, std::span<Hash> outputs)
      : count_(wide.lanes), permute_(wide.permute), inputs_(inputs), outputs_(outputs) {
    for (std::size_t lane = 0; lane < count_; ++lane) refill(lane);
  }

  std::size_t busy() const { return busy_; }

  // One block of every busy lane.
  void step() {
    std::array<bool, kMaxLanes> ends{};
    for (std::size_t lane = 0; lane < count_; ++lane)
      if (jobs_[lane].output != nullptr) ends[lane] = absorb_next(lane);
    permute_(state_.data());
    for (std::size_t lane = 0; lane < count_; ++lane) {
      if (!ends[lane]) continue;
      *jobs_[lane].output = squeeze(&state_[lane], count_);
      --busy_;
      refill(lane);
    }
  }

  // Finishes what the lanes still hold, one after the other.
  void finish_alone(Permute single) {
    for (std::size_t lane = 0; lane < count_; ++lane) {
      if (jobs_[lane].output == nullptr) continue;
      std::array<std::uint64_t, kWords> alone;
      for (std::size_t i = 0; i < kWords; ++i) alone[i] = state_[i * count_ + lane];
      *jobs_[lane].output = finish(single, alone.data(), jobs_[lane].rest);
    }
  }

 private:
  struct Job {
    ByteView rest;
    Hash* output = nullptr;  // null: the lane is idle
  };

  void refill(std::size_t lane) {
    jobs_[lane] = {};
    if (next_ == inputs_.size()) return;
    jobs_[lane] = {inputs_[next_], &outputs_[next_]};
    ++next_;
    ++busy_;
    for (std::size_t i = 0; i < kWords; ++i) state_[i * count_ + lane] = 0;
  }

  // Whether that was the input's last block.
  bool absorb_next(std::size_t lane) {
    ByteView& rest = jobs_[lane].rest;
    if (rest.size() < kRate) {
      absorb_last(&state_[lane], count_, rest);
      return true;
    }
    absorb(&state_[lane], count_, rest.data());
    rest = rest.subspan(kRate);
    return false;
  }

  alignas(64) std::array<std::uint64_t, kWords * kMaxLanes> state_{};
  std::array<Job, kMaxLanes> jobs_{};
  std::size_t count_;
  Permute permute_;
  std::span<const ByteView> inputs_;
  std::span<Hash> outputs_;
  std::size_t next_ = 0;
  std::size_t busy_ = 0;
};

}  // namespace

Hash hash_one(Permute permute, ByteView input) {
  std::array<std::uint64_t, kWords> state{};
  return finish(permute, state.data(), input);
}

void hash_many(const Variant& wide, const Variant& single, std::span<const ByteView> inputs,
               std::span<Hash> outputs) {
  Lanes lanes(wide, inputs, outputs);
  while (lanes.busy() > 1) lanes.step();
  lanes.finish_alone(single.permute);
}

}  // namespace aitbc::keccak
