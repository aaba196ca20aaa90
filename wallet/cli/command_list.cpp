#include "wallet/cli/command_list.hpp"

#include <algorithm>

#include "wallet/cli/json.hpp"
#include "wallet/cli/parser_walk.hpp"

namespace aitbc::cli {
namespace {

std::string type_of(const CLI::Option& option) {
  if (is_flag(option)) return "flag";
  std::string out = option.get_type_name();
  out = out.substr(0, out.find_first_of(": "));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
  return out;
}

std::string describe_option(const CLI::Option& option) {
  std::vector<std::string> values;
  for (const std::string& each : values_of(option)) values.push_back(json_text(each));
  JsonObject out;
  out.text("name", name_of(option)).boolean("positional", option.get_positional());
  out.text("type", type_of(option)).raw("values", json_array(values));
  out.boolean("required", option.get_required()).text("default", option.get_default_str());
  return out.text("help", option.get_description()).str();
}

std::string describe_command(const CLI::App& command, const std::string& words) {
  std::vector<std::string> options;
  for (const CLI::Option* option : options_of(command))
    if (option->get_name() != "--help") options.push_back(describe_option(*option));
  return JsonObject()
      .text("command", words)
      .text("help", command.get_description())
      .raw("options", json_array(options))
      .str();
}

void add_below(std::vector<std::string>& out, const CLI::App& command, const std::string& words) {
  const std::vector<const CLI::App*> below = shown_commands(command);
  if (below.empty()) return out.push_back(describe_command(command, words));
  for (const CLI::App* each : below)
    add_below(out, *each, words + (words.empty() ? "" : " ") + each->get_name());
}

}  // namespace

std::string command_list(const CLI::App& root) {
  std::vector<std::string> out{describe_command(root, "")};
  add_below(out, root, "");
  return json_array(out);
}

}  // namespace aitbc::cli
