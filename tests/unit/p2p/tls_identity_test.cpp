// The binding of an identity to a TLS key, with the test vectors of the libp2p TLS specification.
#include <doctest/doctest.h>

#include "codec/hex.hpp"
#include "node/p2p/tls_identity.hpp"

using namespace aitbc;
using namespace aitbc::p2p;

namespace {

constexpr const char* kValidSecp256k1 =
    "308201ba3082015fa0030201020204499602d2300a06082a8648ce3d040302302031123010060355040a13096c69627032702e69"
    "6f310a300806035504051301313020170d3735303130313133303030305a180f34303936303130313133303030305a3020311230"
    "10060355040a13096c69627032702e696f310a300806035504051301313059301306072a8648ce3d020106082a8648ce3d030107"
    "034200040c901d423c831ca85e27c73c263ba132721bb9d7a84c4f0380b2a6756fd601331c8870234dec878504c174144fa4b14b"
    "66a651691606d8173e55bd37e381569ea38184308181307f060a2b0601040183a25a01010471306f0425080212210206dc696872"
    "6765b820f050263ececf7f71e4955892776c0970542efd689d2382044630440220145e15a991961f0d08cd15425bb95ec93f6ffa"
    "03c5a385eedc34ecf464c7a8ab022026b3109b8a3f40ef833169777eb2aa337cfb6282f188de0666d1bcec2a4690dd300a06082a"
    "8648ce3d0403020349003046022100e1a217eeef9ec9204b3f774a08b70849646b6a1e6b8b27f93dc00ed58545d9fe022100b00d"
    "afa549d0f03547878338c7b15e7502888f6d45db387e5ae6b5d46899cef0";
constexpr const char* kValidEd25519 =
    "308201ae30820156a0030201020204499602d2300a06082a8648ce3d040302302031123010060355040a13096c69627032702e69"
    "6f310a300806035504051301313020170d3735303130313133303030305a180f34303936303130313133303030305a3020311230"
    "10060355040a13096c69627032702e696f310a300806035504051301313059301306072a8648ce3d020106082a8648ce3d030107"
    "034200040c901d423c831ca85e27c73c263ba132721bb9d7a84c4f0380b2a6756fd601331c8870234dec878504c174144fa4b14b"
    "66a651691606d8173e55bd37e381569ea37c307a3078060a2b0601040183a25a0101046a3068042408011220a77f1d92fedb59dd"
    "daea5a1c4abd1ac2fbde7d7b879ed364501809923d7c11b90440d90d2769db992d5e6195dbb08e706b6651e024fda6cfb8846694"
    "a435519941cac215a8207792e42849cccc6cd8136c6e4bde92a58c5e08cfd4206eb5fe0bf909300a06082a8648ce3d0403020346"
    "003043021f50f6b6c52711a881778718238f650c9fb48943ae6ee6d28427dc6071ae55e702203625f116a7a454db9c56986c82a2"
    "5682f7248ea1cb764d322ea983ed36a31b77";

std::string why_refused(ByteView certificate) {
  const auto node = node_of_certificate(certificate);
  return node ? "" : node.error().message;
}

}  // namespace

TEST_CASE("a certificate speaks for the key that made it") {
  const PrivateKey key = PrivateKey::generate();
  const auto identity = make_tls_identity(key);
  REQUIRE(identity.has_value());
  const auto node = node_of_certificate(identity->certificate);
  REQUIRE_MESSAGE(node.has_value(), (node ? "" : node.error().message));
  CHECK(*node == key.public_key());
}

TEST_CASE("the specification's secp256k1 certificate names its key") {
  const auto node = node_of_certificate(*hex::decode(kValidSecp256k1));
  REQUIRE_MESSAGE(node.has_value(), (node ? "" : node.error().message));
  CHECK(hex::encode(compress(*node)) == "0206dc6968726765b820f050263ececf7f71e4955892776c0970542efd689d2382");
}

TEST_CASE("an identity of another kind of key is refused") {
  CHECK(why_refused(*hex::decode(kValidEd25519)) ==
        "the peer's certificate has an identity that is not secp256k1");
}

TEST_CASE("no byte of a certificate can be changed") {
  const auto identity = make_tls_identity(PrivateKey::generate());
  REQUIRE(identity.has_value());
  for (std::size_t i = 0; i < identity->certificate.size(); ++i) {
    Bytes changed = identity->certificate;
    changed[i] ^= 0x01;
    CHECK_MESSAGE(!why_refused(changed).empty(), "byte " << i);
  }
  for (std::size_t size = 0; size < identity->certificate.size(); size += 7)
    CHECK(!why_refused(ByteView(identity->certificate).first(size)).empty());
  CHECK(why_refused(Bytes(10'000, 0x30)) == "the peer's certificate is too long");
}

TEST_CASE("an extension taken from another node's certificate does not pass") {
  // Both certificates have extensions of one length here, so that the DER stays well formed; the copy then
  // fails on the self-signature already, and would fail on the identity's signature of another TLS key.
  const auto ours = make_tls_identity(PrivateKey::generate());
  const auto theirs = make_tls_identity(PrivateKey::generate());
  REQUIRE(ours.has_value());
  REQUIRE(theirs.has_value());
  const Bytes marker{0x08, 0x02, 0x12, 0x21};
  const auto find = [&](const Bytes& in) {
    return std::search(in.begin(), in.end(), marker.begin(), marker.end()) - in.begin();
  };
  Bytes forged = ours->certificate;
  std::copy_n(theirs->certificate.begin() + find(theirs->certificate), 37, forged.begin() + find(forged));
  CHECK(!why_refused(forged).empty());
}
