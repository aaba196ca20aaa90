// Binds a node's secp256k1 identity to a TLS key, as the libp2p TLS specification (revision 0) does: a
// self-signed certificate carries the identity's public key and its signature of the TLS key, in the
// extension 1.3.6.1.4.1.53594.1.1. Who completes a TLS handshake with such a certificate therefore speaks for
// the identity.
#pragma once

#include "base/result.hpp"
#include "crypto/secp256k1.hpp"
#include "node/p2p/messages.hpp"

namespace aitbc::p2p {

struct TlsIdentity {
  Bytes certificate;  // X.509, DER
  Bytes private_key;  // of the certificate: NIST P-256, PKCS #8, DER; made anew each time
};
// io when the operating system has no randomness.
Result<TlsIdentity> make_tls_identity(const PrivateKey& node_key);

// The node that a peer's certificate speaks for. invalid_input when it is none of the specification's (no or
// a malformed extension, an identity that is not secp256k1, a wrong signature of either key, not valid
// today). Thread-safe.
Result<NodeId> node_of_certificate(ByteView certificate);

}  // namespace aitbc::p2p
