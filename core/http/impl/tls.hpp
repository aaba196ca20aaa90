// The server's side of TLS. Internal to core/http.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <optional>

#include "base/result.hpp"
#include "http/options.hpp"

namespace aitbc::http {

// nullopt when the options name no files. invalid_input names the file that is missing, is not PEM, or does
// not belong to the other.
Result<std::optional<boost::asio::ssl::context>> make_tls_context(const ServerOptions& options);

}  // namespace aitbc::http
