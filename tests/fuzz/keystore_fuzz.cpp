// A keystore that parses is written and read back the same. It is opened only when that is cheap.
#include <cstdint>

#include "base/check.hpp"
#include "wallet/hd_key.hpp"
#include "wallet/keystore.hpp"
#include "wallet/mnemonic.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::wallet;

bool is_cheap(const Keystore& keystore) {
  if (const auto* cost = std::get_if<ScryptCost>(&keystore.cost)) return cost->n * cost->r * cost->p <= 1024;
  return std::get<Pbkdf2Cost>(keystore.cost).iterations <= 1024;
}

void check_keystore(std::string_view text) {
  const auto keystore = parse_keystore(text);
  if (!keystore) return;
  const auto again = parse_keystore(to_json(*keystore));
  AITBC_CHECK(again && again->mac == keystore->mac && again->cost == keystore->cost, "keystore: round trip");
  if (!is_cheap(*keystore)) return;
  const auto key = decrypt_key(*keystore, as_bytes("password"));
  if (key && keystore->address) AITBC_CHECK(key->address() == *keystore->address, "keystore: address");
}

void check_phrase(std::string_view text) {
  const auto entropy = entropy_from_mnemonic(text);
  if (!entropy) return;
  const auto phrase = mnemonic_from_entropy(entropy->view());
  AITBC_CHECK(phrase && equal(entropy_from_mnemonic(phrase->text()).value().view(), entropy->view()),
              "mnemonic");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_keystore(text);
  check_phrase(text);
  if (const auto path = parse_path(text)) AITBC_CHECK(path->size() <= 255, "key path: depth");
  return 0;
}
