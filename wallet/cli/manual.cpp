#include "wallet/cli/manual.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/command_list.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/cli/parser_walk.hpp"

namespace aitbc::cli {
namespace {

// Text as roff takes it: a leading dot or quote would be a request, a backslash an escape.
std::string roff(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool at_start = i == 0 || text[i - 1] == '\n';
    if (at_start && (text[i] == '.' || text[i] == '\'')) out += "\\&";
    if (text[i] == '\\')
      out += "\\e";
    else if (text[i] == '-')
      out += "\\-";
    else
      out += text[i];
  }
  return out;
}

void write_option(std::string& out, const CLI::Option& option) {
  const std::string value = is_flag(option) || option.get_positional() ? "" : " VALUE";
  std::string names = option.get_name(false, true);
  if (names.empty()) names = option.get_name(true);
  out += ".TP\n.B " + roff(names + value) + "\n" + roff(option.get_description());
  if (option.get_required()) out += " (required)";
  if (!option.get_default_str().empty()) out += roff(" [" + option.get_default_str() + "]");
  out += '\n';
}

void write_command(std::string& out, const CLI::App& command, const std::string& path) {
  out += ".SS " + roff(path) + "\n" + roff(command.get_description()) + ".\n";
  for (const CLI::Option* option : options_of(command))
    if (option->get_name() != "--help") write_option(out, *option);
  for (const CLI::App* each : shown_commands(command))
    write_command(out, *each, path + " " + each->get_name());
}

struct ManualOptions {
  std::string directory;
  std::string shell;
};

std::string bash_script() {
  return R"sh(# Completion of aitbc for bash: eval "$(aitbc completion bash)"
_aitbc() {
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(
    "${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _aitbc aitbc aitbc-cli
)sh";
}

std::string zsh_script() {
  return R"sh(#compdef aitbc aitbc-cli
# Completion of aitbc for zsh: eval "$(aitbc completion zsh)"
_aitbc() {
  local -a found
  found=("${(@f)$("${words[1]}" complete -- "${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  compadd -a found
}
if [[ "$funcstack[1]" = _aitbc ]]; then _aitbc "$@"; else compdef _aitbc aitbc aitbc-cli; fi
)sh";
}

Outcome<void> write_pages(Context& context, const CLI::App& root, const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  std::vector<std::string> files;
  const auto write = [&](const CLI::App& command, const std::string& path) -> Outcome<void> {
    std::string name = path;
    std::replace(name.begin(), name.end(), ' ', '-');
    const std::string file = directory + "/" + name + ".1";
    std::ofstream out(file, std::ios::trunc);
    out << manual_page(command, path);
    out.close();
    if (!out) return failed(Exit::local, "cannot write " + file);
    files.push_back(file);
    return {};
  };
  AITBC_TRY(write(root, root.get_name()));
  for (const CLI::App* each : shown_commands(root))
    if (auto written = write(*each, root.get_name() + " " + each->get_name()); !written) return written;
  std::vector<std::string> quoted;
  for (const std::string& file : files) quoted.push_back(json_text(file));
  if (context.output().is_json()) files = {json_array(quoted)};
  for (const std::string& each : files) context.output().line(each);
  return {};
}

// The command that the words name, and the option whose value the last word begins.
struct Position {
  const CLI::App* command = nullptr;
  const CLI::Option* option = nullptr;
};

const CLI::Option* find_option(const CLI::App& command, const std::string& word) {
  for (const CLI::App* app = &command; app != nullptr; app = app->get_parent())
    for (const CLI::Option* option : options_of(*app))
      if (option->check_name(word)) return option;
  return nullptr;
}

Position position_of(const CLI::App& root, const std::vector<std::string>& words) {
  Position at{&root, nullptr};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (at.option != nullptr) {
      at.option = nullptr;
      continue;
    }
    if (words[i].starts_with('-')) {
      const CLI::Option* option = find_option(*at.command, words[i]);
      const bool takes_value = option != nullptr && option->get_items_expected_max() > 0 &&
                               words[i].find('=') == std::string::npos;
      at.option = takes_value ? option : nullptr;
      continue;
    }
    for (const CLI::App* each : shown_commands(*at.command))
      if (each->get_name() == words[i]) at.command = each;
  }
  return at;
}

}  // namespace

std::string manual_page(const CLI::App& command, const std::string& path) {
  std::string title = path;
  std::replace(title.begin(), title.end(), ' ', '-');
  std::string out = ".TH " + roff(title) + " 1 \"\" \"aitbc " AITBC_VERSION "\" \"AITBC\"\n";
  out += ".SH NAME\n" + roff(title) + " \\- " + roff(command.get_description()) + "\n";
  out += ".SH SYNOPSIS\n.B " + roff(path) +
         (shown_commands(command).empty() ? " [OPTIONS]\n" : " COMMAND [OPTIONS]\n");
  out += ".SH OPTIONS\n";
  for (const CLI::Option* option : options_of(command)) write_option(out, *option);
  if (command.get_parent() != nullptr) {
    if (!shown_commands(command).empty()) out += ".SH COMMANDS\n";
    for (const CLI::App* each : shown_commands(command))
      write_command(out, *each, path + " " + each->get_name());
    return out + ".SH SEE ALSO\n.BR aitbc (1)\n";
  }
  out += ".SH COMMANDS\n";
  for (const CLI::App* each : shown_commands(command))
    out += ".TP\n.BR aitbc\\-" + roff(each->get_name()) + " (1)\n" + roff(each->get_description()) + "\n";
  out += ".SH EXIT STATUS\n";
  std::istringstream footer(command.get_footer());
  for (std::string line; std::getline(footer, line);) out += roff(line) + "\n.br\n";
  return out;
}

std::vector<std::string> completions(const CLI::App& root, std::vector<std::string> words) {
  if (words.empty()) words.emplace_back();
  // `marketplace --action NAME` is `marketplace action NAME`.
  words = with_action_first(std::move(words));
  const Position at = position_of(root, words);
  const std::string& begun = words.back();
  std::vector<std::string> candidates;
  if (at.option != nullptr) {
    candidates = values_of(*at.option);
  } else if (begun.starts_with('-')) {
    for (const CLI::App* app = at.command; app != nullptr; app = app->get_parent())
      for (const CLI::Option* option : options_of(*app))
        for (const std::string& name : option->get_lnames()) candidates.push_back("--" + name);
    if (at.command->get_name() == "marketplace") candidates.emplace_back("--action");
  } else {
    for (const CLI::App* each : shown_commands(*at.command)) candidates.push_back(each->get_name());
  }
  std::erase_if(candidates, [&begun](const std::string& each) { return !each.starts_with(begun); });
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  return candidates;
}

void add_manual_commands(CLI::App& root, Context& context) {
  auto options = std::make_shared<ManualOptions>();
  CLI::App* man = root.add_subcommand("man", "Print the manual page, or write all pages to a folder");
  man->add_option("--directory", options->directory, "Folder to write aitbc.1, aitbc-marketplace.1, ... to");
  man->callback([&root, &context, options] {
    context.action = [&root, &context, options]() -> Outcome<void> {
      if (!options->directory.empty()) return write_pages(context, root, options->directory);
      if (context.output().is_json()) {
        context.output().line(command_list(root));
        return {};
      }
      context.env.out << manual_page(root, root.get_name()) << std::flush;
      return {};
    };
  });
  CLI::App* completion = root.add_subcommand("completion", "Print the completion script of a shell");
  completion->add_option("shell", options->shell)->required()->check(CLI::IsMember({"bash", "zsh"}));
  completion->callback([&context, options] {
    context.action = [&context, options]() -> Outcome<void> {
      context.env.out << (options->shell == "bash" ? bash_script() : zsh_script()) << std::flush;
      return {};
    };
  });
}

}  // namespace aitbc::cli
