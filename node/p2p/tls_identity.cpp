#include "node/p2p/tls_identity.hpp"

#include <openssl/asn1t.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

namespace aitbc::p2p {
namespace {

constexpr const char* kExtension = "1.3.6.1.4.1.53594.1.1";
constexpr std::string_view kSignedPrefix = "libp2p-tls-handshake:";
// The protobuf of a public key up to its data: type 2 (secp256k1), 33 bytes.
constexpr std::array<std::uint8_t, 4> kKeyPrefix{0x08, 0x02, 0x12, 0x21};
constexpr std::size_t kMaxCertificateBytes = 4096;

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freer<Free>>;
using OwnedCertificate = Owned<X509, X509_free>;
using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedObject = Owned<ASN1_OBJECT, ASN1_OBJECT_free>;
using OwnedString = Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using OwnedSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;
using OwnedSequence =
    Owned<ASN1_SEQUENCE_ANY, [](ASN1_SEQUENCE_ANY* all) { sk_ASN1_TYPE_pop_free(all, ASN1_TYPE_free); }>;

tl::unexpected<Error> refused(const char* why) {
  return fail(ErrorCode::invalid_input, std::string("the peer's certificate ") + why);
}
tl::unexpected<Error> no_certificate() { return fail(ErrorCode::io, "cannot make a TLS certificate"); }

// The DER form of an OpenSSL object; empty on failure.
template <class T>
Bytes der_of(int (*encode)(const T*, unsigned char**), const T* object) {
  const int size = encode(object, nullptr);
  if (size <= 0) return {};
  Bytes out(static_cast<std::size_t>(size));
  unsigned char* position = out.data();
  encode(object, &position);
  return out;
}

Hash sha256(ByteView text) {
  Hash digest;
  AITBC_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1,
              "SHA-256 does not fail");
  return digest;
}

// What the identity signs: the prefix and the TLS key's SubjectPublicKeyInfo.
Hash binding_digest(const EVP_PKEY* tls_key) {
  Bytes text = to_bytes(as_bytes(kSignedPrefix));
  append(text, der_of(i2d_PUBKEY, tls_key));
  return sha256(text);
}

void append_der_header(Bytes& out, std::uint8_t tag, std::size_t size) {
  AITBC_CHECK(size < 128, "one byte is enough for the size");
  out.push_back(tag);
  out.push_back(static_cast<std::uint8_t>(size));
}

// SignedKey ::= SEQUENCE { publicKey OCTET STRING, signature OCTET STRING }
Bytes signed_key(const PrivateKey& node_key, const EVP_PKEY* tls_key) {
  Bytes key(kKeyPrefix.begin(), kKeyPrefix.end());
  append(key, compress(node_key.public_key()));
  const Signature made = sign(node_key, binding_digest(tls_key));
  const OwnedSignature parts(ECDSA_SIG_new());
  ECDSA_SIG_set0(parts.get(), BN_bin2bn(made.r.data(), 32, nullptr), BN_bin2bn(made.s.data(), 32, nullptr));
  const Bytes signature = der_of(i2d_ECDSA_SIG, parts.get());
  Bytes out;
  append_der_header(out, V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED, key.size() + signature.size() + 4);
  append_der_header(out, V_ASN1_OCTET_STRING, key.size());
  append(out, key);
  append_der_header(out, V_ASN1_OCTET_STRING, signature.size());
  append(out, signature);
  return out;
}

bool add_extension(X509* certificate, ByteView content) {
  const OwnedObject name(OBJ_txt2obj(kExtension, 1));
  const OwnedString value(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(value.get(), content.data(), static_cast<int>(content.size()));
  X509_EXTENSION* extension = X509_EXTENSION_create_by_OBJ(nullptr, name.get(), 0, value.get());
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

// Valid in any year: what limits a certificate's life is that its key is forgotten when the node stops.
bool set_validity(X509* certificate) {
  return ASN1_TIME_set_string(X509_getm_notBefore(certificate), "19750101000000Z") == 1 &&
         ASN1_TIME_set_string(X509_getm_notAfter(certificate), "40960101000000Z") == 1;
}

bool set_serial_number(X509* certificate) {
  std::uint64_t number = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) != 1) return false;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), number >> 1 | 1) == 1;
}

struct SignedKey {
  PublicKey key;
  Signature signature;  // its parity is not known
};

Result<Signature> decode_signature(ByteView der) {
  const unsigned char* position = der.data();
  const OwnedSignature parts(d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(der.size())));
  if (!parts || position != der.data() + der.size()) return refused("has a malformed signature");
  Signature signature;
  if (BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), signature.r.data(), 32) != 32 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), signature.s.data(), 32) != 32)
    return refused("has a malformed signature");
  return signature;
}

Result<ByteView> octets(const ASN1_SEQUENCE_ANY* sequence, int index) {
  const ASN1_TYPE* item = sk_ASN1_TYPE_value(sequence, index);
  if (item == nullptr || item->type != V_ASN1_OCTET_STRING) return refused("has a malformed extension");
  const ASN1_OCTET_STRING* text = item->value.octet_string;
  return ByteView(ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text)));
}

Result<SignedKey> decode_signed_key(const ASN1_OCTET_STRING* content) {
  const unsigned char* position = ASN1_STRING_get0_data(content);
  const unsigned char* const end = position + ASN1_STRING_length(content);
  const OwnedSequence sequence(d2i_ASN1_SEQUENCE_ANY(nullptr, &position, end - position));
  if (!sequence || position != end || sk_ASN1_TYPE_num(sequence.get()) != 2)
    return refused("has a malformed extension");
  AITBC_ASSIGN(const ByteView key, octets(sequence.get(), 0));
  AITBC_ASSIGN(const ByteView signature, octets(sequence.get(), 1));
  if (!starts_with(key, kKeyPrefix)) return refused("has an identity that is not secp256k1");
  SignedKey out;
  AITBC_ASSIGN(out.key, decompress(key.subspan(kKeyPrefix.size())));
  AITBC_ASSIGN(out.signature, decode_signature(signature));
  return out;
}

bool verifies(const SignedKey& binding, const Hash& digest) {
  for (const bool parity : {false, true}) {
    Signature signature = binding.signature;
    signature.y_parity = parity ? 1 : 0;
    if (const auto signer = recover(digest, signature); signer && *signer == binding.key) return true;
  }
  return false;
}

// The extension's content; null when it is not there exactly once, or a critical one is not understood.
const ASN1_OCTET_STRING* find_extension(const X509* certificate) {
  const OwnedObject name(OBJ_txt2obj(kExtension, 1));
  const int index = X509_get_ext_by_OBJ(certificate, name.get(), -1);
  if (index < 0 || X509_get_ext_by_OBJ(certificate, name.get(), index) >= 0) return nullptr;
  for (int i = 0; i < X509_get_ext_count(certificate); ++i)
    if (i != index && X509_EXTENSION_get_critical(X509_get_ext(certificate, i)) != 0) return nullptr;
  return X509_EXTENSION_get_data(X509_get_ext(certificate, index));
}

// Verifying an RSA key of the peer's choice could take long; curves cannot.
bool is_curve_key(const EVP_PKEY* key) {
  const int type = EVP_PKEY_get_base_id(key);
  return type == EVP_PKEY_EC || type == EVP_PKEY_ED25519;
}

}  // namespace

Result<TlsIdentity> make_tls_identity(const PrivateKey& node_key) {
  const OwnedKey tls_key(EVP_EC_gen("P-256"));
  const OwnedCertificate certificate(X509_new());
  if (!tls_key || !certificate) return no_certificate();
  const bool made = X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
                    set_serial_number(certificate.get()) && set_validity(certificate.get()) &&
                    X509_set_pubkey(certificate.get(), tls_key.get()) == 1 &&
                    add_extension(certificate.get(), signed_key(node_key, tls_key.get())) &&
                    X509_sign(certificate.get(), tls_key.get(), EVP_sha256()) > 0;
  const Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> secret(EVP_PKEY2PKCS8(tls_key.get()));
  if (!made || !secret) return no_certificate();
  return TlsIdentity{der_of(i2d_X509, certificate.get()), der_of(i2d_PKCS8_PRIV_KEY_INFO, secret.get())};
}

Result<NodeId> node_of_certificate(ByteView encoded) {
  if (encoded.size() > kMaxCertificateBytes) return refused("is too long");
  const unsigned char* position = encoded.data();
  const OwnedCertificate certificate(d2i_X509(nullptr, &position, static_cast<long>(encoded.size())));
  if (!certificate || position != encoded.data() + encoded.size()) return refused("is malformed");
  if (X509_cmp_current_time(X509_get0_notBefore(certificate.get())) >= 0 ||
      X509_cmp_current_time(X509_get0_notAfter(certificate.get())) <= 0)
    return refused("is not valid today");
  EVP_PKEY* const tls_key = X509_get0_pubkey(certificate.get());
  if (tls_key == nullptr || !is_curve_key(tls_key)) return refused("has a key of an unknown kind");
  if (X509_verify(certificate.get(), tls_key) != 1) return refused("does not sign itself");
  const ASN1_OCTET_STRING* const extension = find_extension(certificate.get());
  if (extension == nullptr) return refused("names no identity");
  AITBC_ASSIGN(const SignedKey binding, decode_signed_key(extension));
  if (!verifies(binding, binding_digest(tls_key))) return refused("is not signed by the identity it names");
  return binding.key;
}

}  // namespace aitbc::p2p
