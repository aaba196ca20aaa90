#include "wallet/cli/typed_data_view.hpp"

#include "wallet/cli/output.hpp"

namespace aitbc::cli {
namespace {

void add_value(std::vector<std::string>& out, const std::string& indent, const std::string& name,
               const Json& value) {
  const std::string title = indent + printable(name) + ":";
  if (value.is_object()) {
    out.push_back(title);
    for (const auto& [member, inner] : value.members()) add_value(out, indent + "  ", member, inner);
  } else if (value.is_array()) {
    out.push_back(title + " " + std::to_string(value.size()) + " item(s)");
    for (std::size_t i = 0; i < value.size(); ++i)
      add_value(out, indent + "  ", "[" + std::to_string(i) + "]", value[i]);
  } else {
    out.push_back(title + " " + printable(value.text()));
  }
}

}  // namespace

std::vector<std::string> typed_data_lines(const Json& document) {
  std::vector<std::string> out;
  add_value(out, "", "For", document["domain"]);
  add_value(out, "", printable(document["primaryType"].text()), document["message"]);
  return out;
}

}  // namespace aitbc::cli
