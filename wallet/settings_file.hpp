// TOML files of the programs' settings. Reading never stops at a mistake: the first complaint, with the
// file's name, the line and the setting, comes from SettingsFile::finish(), and so do settings that nobody
// asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/amount.hpp"
#include "base/result.hpp"

namespace aitbc::wallet {

// One table of a file, which it keeps alive. A table that is not there reads as empty. Values out of range or
// of another type are noted as complaints, and the default is given.
class SettingsTable {
 public:
  bool has(std::string_view key) const;
  std::string text(std::string_view key, std::string_view absent = "");
  // Complains when it is missing or empty.
  std::string required_text(std::string_view key);
  std::uint64_t number(std::string_view key, std::uint64_t absent, std::uint64_t low, std::uint64_t high);
  bool flag(std::string_view key, bool absent);
  // AIT: a string such as "1.5", or a whole number.
  std::optional<Amount> ait(std::string_view key);
  // Seconds, with at most three decimals; in milliseconds.
  std::uint64_t milliseconds(std::string_view key, std::uint64_t absent_ms, std::uint64_t low_ms,
                             std::uint64_t high_ms);
  std::vector<std::string> texts(std::string_view key);
  // A table of strings.
  std::vector<std::pair<std::string, std::string>> pairs(std::string_view key);
  // A path; a relative one starts at the file's folder. Empty when absent.
  std::filesystem::path path(std::string_view key);

  SettingsTable table(std::string_view key);
  std::vector<SettingsTable> tables(std::string_view key);  // [[key]]

  // Notes what is wrong with a setting.
  void complain(std::string_view key, const std::string& what);

 private:
  friend class SettingsFile;
  struct Document;
  SettingsTable(std::shared_ptr<Document> document, const void* table, std::string prefix)
      : document_(std::move(document)), table_(table), prefix_(std::move(prefix)) {}
  const void* find(std::string_view key);

  std::shared_ptr<Document> document_;
  const void* table_ = nullptr;
  std::string prefix_;  // "job." of [job]
};

class SettingsFile {
 public:
  // Fails (invalid_input) when the text is not TOML, with the line; (not_found, io) when it cannot be read.
  static Result<SettingsFile> read(const std::filesystem::path& path);
  static Result<SettingsFile> parse(std::string_view text, const std::filesystem::path& path);

  SettingsTable root();
  // Fails (invalid_input) with the first complaint, in the order of lines.
  Result<void> finish() const;

 private:
  explicit SettingsFile(std::shared_ptr<SettingsTable::Document> document) : document_(std::move(document)) {}
  std::shared_ptr<SettingsTable::Document> document_;
};

}  // namespace aitbc::wallet
