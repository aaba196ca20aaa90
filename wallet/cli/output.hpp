// What a command prints: the same cells as text for people or as JSON for programs.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/amount.hpp"
#include "base/bytes.hpp"

namespace aitbc::cli {

// One value in both forms.
struct Cell {
  std::string shown;
  std::string json;
};
Cell text_cell(std::string_view text);
Cell number_cell(std::uint64_t value);
Cell boolean_cell(bool value);
Cell address_cell(const Address& address);
// An address as a node writes it, in either case; other text stays as it is.
Cell address_cell(std::string_view text);
// Shown as "1.5 AIT"; "1.5" in JSON.
Cell ait_cell(Amount amount);
// Unix time: shown as "2026-01-31 12:00:00 UTC"; the number in JSON.
Cell time_cell(std::uint64_t unix_seconds);

struct Column {
  std::string key;    // in JSON
  std::string title;  // for people
};
struct NamedCell {
  Column name;
  Cell cell;
};
using Record = std::vector<NamedCell>;

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // as wide as the columns
  std::string when_empty;               // said to people instead of an empty table
  // No heading; each line begins with "KEY: " of the first column, for scripts that look for it and cut.
  bool is_tagged = false;
};

enum class Format { text, json };

class Output {
 public:
  Output(std::ostream& out, Format format) : out_(out), format_(format) {}

  bool is_json() const { return format_ == Format::json; }
  // A line as it is; nothing is escaped.
  void line(std::string_view text);
  // "Title: value" lines, or one object.
  void record(const Record& record);
  // Aligned columns under a heading, or an array of objects.
  void table(const Table& table);

 private:
  std::ostream& out_;
  Format format_;
};

std::string json_of(const Record& record);
// Control characters, which could forge lines or drive a terminal, are replaced.
std::string printable(std::string_view text);

}  // namespace aitbc::cli
