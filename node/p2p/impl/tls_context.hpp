// Internal to node/p2p.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include "base/result.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::p2p {

// TLS 1.3 only, certificates asked for on both sides and judged by the caller (node_of_certificate), the
// application protocol "aitbc/1", no resumption.
Result<boost::asio::ssl::context> make_tls_context(const PrivateKey& node_key);

}  // namespace aitbc::p2p
