// Files that operators write: the node's settings, API keys, the agent's and the notifier's configuration.
// Each is read or refused with a message; settings that were read print as a file that says the same.
#include "input_file.hpp"
#include "node/config.hpp"
#include "node/rest/api_keys.hpp"
#include "wallet/agent/config.hpp"
#include "wallet/notify/config.hpp"

namespace {

using namespace aitbc;

std::optional<std::string> no_variable(const std::string&) { return std::nullopt; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::InputFile file({data, size});
  NodeConfig config;
  if (const auto applied = apply_file(config, file.path()); !applied) {
    AITBC_CHECK(!applied.error().message.empty(), "a refusal says why");
  } else {
    const std::string rendered = render_config(config);
    NodeConfig again;
    AITBC_CHECK(apply_file(again, fuzz::InputFile(as_bytes(rendered)).path()).has_value(),
                "printed settings can be read");
    AITBC_CHECK(render_config(again) == rendered, "printed settings mean the same");
  }
  (void)rest::read_api_keys(file.path());
  (void)agent::read_config(file.path());
  (void)notify::read_config(file.path(), no_variable);
  return 0;
}
