#include "load/ecrecover.hpp"

#include <numeric>
#include <thread>
#include <vector>

#include "base/check.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "load/statistics.hpp"

namespace aitbc::bench {
namespace {

constexpr std::size_t kSignatures = 64;
constexpr std::size_t kPerClockRead = 16;

struct Signed {
  Hash digest;
  Signature signature;
};

std::vector<Signed> make_signatures() {
  const PrivateKey key = PrivateKey::from_bytes(Bytes(32, 1)).value();
  std::vector<Signed> out(kSignatures);
  Hash digest;
  for (Signed& item : out) {
    digest = keccak256(digest);
    item = {digest, sign(key, digest)};
  }
  return out;
}

// Recoveries per second of this thread.
double recover_for(const std::vector<Signed>& signatures, std::chrono::milliseconds duration) {
  const auto start = Clock::now();
  const auto end = start + duration;
  std::size_t done = 0;
  auto now = start;
  for (; now < end; now = Clock::now()) {
    for (std::size_t i = 0; i < kPerClockRead; ++i, ++done) {
      const Signed& item = signatures[done % signatures.size()];
      AITBC_CHECK(recover_address(item.digest, item.signature).has_value(), "own signatures recover");
    }
  }
  return static_cast<double>(done) / seconds_between(start, now);
}

}  // namespace

double measure_ecrecover_rate(std::size_t threads, std::chrono::milliseconds duration) {
  const std::vector<Signed> signatures = make_signatures();
  std::vector<double> rates(threads);
  {
    std::vector<std::jthread> workers;
    for (double& rate : rates) workers.emplace_back([&] { rate = recover_for(signatures, duration); });
  }
  return std::accumulate(rates.begin(), rates.end(), 0.0);
}

}  // namespace aitbc::bench
