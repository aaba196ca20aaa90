// EIP-712 documents of wallets: refused, or hashed; and what is signed depends on what the document says, not
// on how its JSON is written.
#include "codec/typed_data.hpp"

#include <boost/json.hpp>

#include "base/check.hpp"
#include "codec/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aitbc;
  const std::string_view text = as_text({data, size});
  const auto hashed = eip712::hash_json(text);
  if (!hashed) return 0;
  AITBC_CHECK(is_utf8(text), "typed data: JSON is UTF-8");
  AITBC_CHECK(eip712::signing_digest(hashed->domain_separator, hashed->struct_hash) == hashed->digest,
              "typed data: the digest is that of its parts");
  const auto again = eip712::hash_json(boost::json::serialize(boost::json::parse(text)));
  AITBC_CHECK(again && again->digest == hashed->digest, "typed data: the same document in another form");
  return 0;
}
