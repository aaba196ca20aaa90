#include "node/p2p/impl/tls_context.hpp"

#include <string_view>

#include "node/p2p/tls_identity.hpp"

namespace aitbc::p2p {
namespace {

namespace ssl = boost::asio::ssl;

// RFC 7301: a list of strings with a length byte each.
constexpr unsigned char kProtocols[] =
    "\x07"
    "aitbc/1";

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  unsigned char* found = nullptr;
  const int result =
      SSL_select_next_proto(&found, size, kProtocols, sizeof kProtocols - 1, offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

Result<ssl::context> make_tls_context(const PrivateKey& node_key) {
  AITBC_ASSIGN(TlsIdentity identity, make_tls_identity(node_key));
  ssl::context context(ssl::context::tls);
  SSL_CTX* const native = context.native_handle();
  const unsigned char* key_position = identity.private_key.data();
  EVP_PKEY* const key =
      d2i_AutoPrivateKey(nullptr, &key_position, static_cast<long>(identity.private_key.size()));
  const bool is_ready = SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) == 1 &&
                        SSL_CTX_use_certificate_ASN1(native, static_cast<int>(identity.certificate.size()),
                                                     identity.certificate.data()) == 1 &&
                        SSL_CTX_use_PrivateKey(native, key) == 1 &&
                        SSL_CTX_set_alpn_protos(native, kProtocols, sizeof kProtocols - 1) == 0;
  EVP_PKEY_free(key);
  secure_clear(identity.private_key);
  if (!is_ready) return fail(ErrorCode::io, "cannot set up TLS");
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  // That the other end has the certificate's key is TLS's business; what the certificate says is judged once
  // the handshake is complete, where a reason can be given.
  SSL_CTX_set_cert_verify_callback(
      native, [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
  return context;
}

}  // namespace aitbc::p2p
