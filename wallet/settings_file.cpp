#include "wallet/settings_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "wallet/files.hpp"

namespace aitbc::wallet {
namespace {

constexpr std::size_t kMaxFile_bytes = 1U << 20;

struct Complaint {
  std::uint32_t line;
  std::string text;
};

// "0.1" of 100.
std::string seconds_text(std::uint64_t ms) {
  std::string out = std::to_string(ms / 1000);
  if (ms % 1000 == 0) return out;
  out += "." + std::to_string(1000 + ms % 1000).substr(1);
  while (out.ends_with('0')) out.pop_back();
  return out;
}

const toml::node* as_node(const void* node) { return static_cast<const toml::node*>(node); }

}  // namespace

struct SettingsTable::Document {
  toml::table root;
  std::filesystem::path path;
  std::map<const toml::table*, std::set<std::string, std::less<>>> asked;
  std::vector<Complaint> complaints;

  void complain(const toml::node* at, const std::string& setting, const std::string& what) {
    complaints.push_back({at == nullptr ? 1 : at->source().begin.line, setting + ": " + what});
  }
};

const void* SettingsTable::find(std::string_view key) {
  if (table_ == nullptr) return nullptr;
  const auto* table = as_node(table_)->as_table();
  document_->asked[table].emplace(key);
  return table->get(key);
}

bool SettingsTable::has(std::string_view key) const {
  return table_ != nullptr && as_node(table_)->as_table()->contains(key);
}

void SettingsTable::complain(std::string_view key, const std::string& what) {
  const auto* table = table_ == nullptr ? nullptr : as_node(table_)->as_table();
  const toml::node* at = table == nullptr ? nullptr : table->get(key);
  document_->complain(at == nullptr ? table : at, prefix_ + std::string(key), what);
}

std::string SettingsTable::text(std::string_view key, std::string_view absent) {
  const auto* node = as_node(find(key));
  if (node == nullptr) return std::string(absent);
  if (const auto* value = node->as_string()) return value->get();
  complain(key, "takes text in quotes");
  return std::string(absent);
}

std::string SettingsTable::required_text(std::string_view key) {
  const bool present = has(key);
  std::string out = text(key);
  if (!present) complain(key, "is missing");
  if (present && out.empty()) complain(key, "must not be empty");
  return out;
}

std::uint64_t SettingsTable::number(std::string_view key, std::uint64_t absent, std::uint64_t low,
                                    std::uint64_t high) {
  const auto* node = as_node(find(key));
  if (node == nullptr) return absent;
  const auto* value = node->as_integer();
  if (value != nullptr && value->get() >= 0 && static_cast<std::uint64_t>(value->get()) >= low &&
      static_cast<std::uint64_t>(value->get()) <= high)
    return static_cast<std::uint64_t>(value->get());
  complain(key, "takes a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return absent;
}

bool SettingsTable::flag(std::string_view key, bool absent) {
  const auto* node = as_node(find(key));
  if (node == nullptr) return absent;
  if (const auto* value = node->as_boolean()) return value->get();
  complain(key, "takes true or false");
  return absent;
}

std::optional<Amount> SettingsTable::ait(std::string_view key) {
  const auto* node = as_node(find(key));
  if (node == nullptr) return std::nullopt;
  std::string digits;
  if (const auto* value = node->as_string()) digits = value->get();
  if (const auto* value = node->as_integer()) digits = std::to_string(value->get());
  const auto amount = parse_ait(digits);
  if (amount) return *amount;
  complain(key, "takes an amount of AIT in quotes, such as \"1.5\"");
  return std::nullopt;
}

std::uint64_t SettingsTable::milliseconds(std::string_view key, std::uint64_t absent_ms, std::uint64_t low_ms,
                                          std::uint64_t high_ms) {
  const auto* node = as_node(find(key));
  if (node == nullptr) return absent_ms;
  std::optional<double> seconds;
  if (const auto* value = node->as_integer()) seconds = static_cast<double>(value->get());
  if (const auto* value = node->as_floating_point()) seconds = value->get();
  if (seconds && *seconds >= 0 && *seconds < 1e9) {
    const auto ms = static_cast<std::uint64_t>(std::llround(*seconds * 1000));
    if (ms >= low_ms && ms <= high_ms) return ms;
  }
  complain(key, "takes seconds from " + seconds_text(low_ms) + " to " + seconds_text(high_ms));
  return absent_ms;
}

std::vector<std::string> SettingsTable::texts(std::string_view key) {
  std::vector<std::string> out;
  const auto* node = as_node(find(key));
  if (node == nullptr) return out;
  const auto* array = node->as_array();
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i)
    if (const auto* value = array->get(i)->as_string()) out.push_back(value->get());
  if (array == nullptr || out.size() != array->size()) complain(key, "takes a list of texts in quotes");
  return out;
}

std::vector<std::pair<std::string, std::string>> SettingsTable::pairs(std::string_view key) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto* node = as_node(find(key));
  if (node == nullptr) return out;
  const auto* table = node->as_table();
  if (table == nullptr) {
    complain(key, "takes a table of texts");
    return out;
  }
  for (const auto& [name, value] : *table) {
    if (const auto* content = value.as_string())
      out.emplace_back(std::string(name.str()), content->get());
    else
      document_->complain(&value, prefix_ + std::string(key) + "." + std::string(name.str()),
                          "takes text in quotes");
  }
  return out;
}

std::filesystem::path SettingsTable::path(std::string_view key) {
  const std::string written = text(key);
  if (written.empty()) return {};
  return document_->path.parent_path() / written;  // an absolute one stays as it is
}

SettingsTable SettingsTable::table(std::string_view key) {
  const auto* node = as_node(find(key));
  if (node != nullptr && !node->is_table()) complain(key, "must be a table, [" + std::string(key) + "]");
  const void* inner = node != nullptr && node->is_table() ? node : nullptr;
  if (inner != nullptr) document_->asked[as_node(inner)->as_table()];
  return {document_, inner, prefix_ + std::string(key) + "."};
}

std::vector<SettingsTable> SettingsTable::tables(std::string_view key) {
  std::vector<SettingsTable> out;
  const auto* node = as_node(find(key));
  if (node == nullptr) return out;
  const auto* array = node->as_array();
  if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
    complain(key, "must be written as [[" + std::string(key) + "]]");
    return out;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const toml::node* inner = array->get(i);
    document_->asked[inner->as_table()];
    out.push_back({document_, inner, prefix_ + std::string(key) + "[" + std::to_string(i) + "]."});
  }
  return out;
}

Result<SettingsFile> SettingsFile::read(const std::filesystem::path& path) {
  AITBC_ASSIGN(const std::string text, read_small_file(path, kMaxFile_bytes));
  return parse(text, path);
}

Result<SettingsFile> SettingsFile::parse(std::string_view text, const std::filesystem::path& path) {
  auto document = std::make_shared<SettingsTable::Document>();
  document->path = path;
  try {
    document->root = toml::parse(text, path.string());
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::invalid_input, path.string() + ":" + std::to_string(error.source().begin.line) +
                                              ": " + std::string(error.description()));
  }
  return SettingsFile(std::move(document));
}

SettingsTable SettingsFile::root() {
  const toml::node& root = document_->root;
  document_->asked[&document_->root];
  return {document_, &root, ""};
}

Result<void> SettingsFile::finish() const {
  std::vector<Complaint> all = document_->complaints;
  for (const auto& [table, asked] : document_->asked)
    for (const auto& [key, value] : *table)
      if (!asked.contains(key.str()))
        all.push_back({key.source().begin.line, "'" + std::string(key.str()) + "' is no setting here"});
  if (all.empty()) return {};
  const auto first = std::min_element(all.begin(), all.end(),
                                      [](const Complaint& a, const Complaint& b) { return a.line < b.line; });
  return fail(ErrorCode::invalid_input,
              document_->path.string() + ":" + std::to_string(first->line) + ": " + first->text);
}

}  // namespace aitbc::wallet
