// Addresses as people write them: nodes, where to listen, web servers. What is accepted prints as text that
// means the same.
#include "base/check.hpp"
#include "node/p2p/node_address.hpp"
#include "wallet/web/url.hpp"

namespace {

using namespace aitbc;

void check_node(std::string_view text) {
  const auto node = p2p::parse_enode(text);
  if (!node) return;
  const auto again = p2p::parse_enode(p2p::to_enode(*node));
  AITBC_CHECK(again && *again == *node, "a node's address prints as itself");
}

void check_listen(std::string_view text) {
  const auto listen = p2p::parse_listen_address(text);
  if (!listen) return;
  const auto again = p2p::parse_listen_address(p2p::host_and_port(listen->host, listen->port));
  AITBC_CHECK(again && *again == *listen, "an address to listen on prints as itself");
}

void check_url(std::string_view text) {
  const auto url = web::parse_url(text);
  if (!url) return;
  const auto again = web::parse_url(web::origin_of(*url) + url->target);
  AITBC_CHECK(again && again->tls == url->tls && again->host == url->host && again->port == url->port &&
                  again->target == url->target,
              "a URL prints as itself");
  AITBC_CHECK(url->target.starts_with('/') && url->target.find_first_of("\r\n ") == std::string::npos,
              "a request line cannot be broken");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_node(text);
  check_listen(text);
  check_url(text);
  (void)web::query_value(text, "name");
  return 0;
}
