#include "http/impl/tls.hpp"

#include <openssl/ssl.h>

namespace aitbc::http {
namespace asio = boost::asio;

namespace {

// TLS 1.2 with forward secrecy and authenticated encryption only (RFC 9325, section 4.2); TLS 1.3 has no
// others.
constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

// RFC 7301: clients that ask by name get HTTP/1.1, whatever else they offer.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kHttp11, sizeof kHttp11 - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

tl::unexpected<Error> unusable(const char* what, const std::string& file,
                               const boost::system::error_code& error) {
  return fail(ErrorCode::invalid_input,
              std::string("cannot use the TLS ") + what + " " + file + ": " + error.message());
}

}  // namespace

Result<std::optional<asio::ssl::context>> make_tls_context(const ServerOptions& options) {
  const std::string& certificate = options.tls_certificate_file;
  const std::string& key = options.tls_key_file;
  if (certificate.empty() && key.empty()) return std::optional<asio::ssl::context>();
  if (certificate.empty() || key.empty())
    return fail(ErrorCode::invalid_input, "TLS needs both a certificate and a key file");

  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native, kTls12Ciphers);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);  // thousands of connections rest most of the time
  SSL_CTX_set_alpn_select_cb(native, &select_protocol, nullptr);

  boost::system::error_code error;
  context.use_certificate_chain_file(certificate, error);
  if (error) return unusable("certificate", certificate, error);
  context.use_private_key_file(key, asio::ssl::context::pem, error);
  if (error) return unusable("key", key, error);
  return std::optional<asio::ssl::context>(std::move(context));
}

}  // namespace aitbc::http
