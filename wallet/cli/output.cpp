#include "wallet/cli/output.hpp"

#include <time.h>

#include <algorithm>

#include "codec/hex.hpp"
#include "wallet/cli/json.hpp"

namespace aitbc::cli {
namespace {

// Columns of a terminal that the text takes: code points, which is right for what names and ids hold.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  out.append(width - std::min(width, width_of(text)), ' ');
  return out;
}

std::string joined(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i)
    out += i + 1 == cells.size() ? cells[i] : padded(cells[i], widths[i]) + "  ";
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return out;
}

Cell text_cell(std::string_view text) { return {printable(text), json_text(text)}; }

Cell number_cell(std::uint64_t value) { return {std::to_string(value), std::to_string(value)}; }

Cell boolean_cell(bool value) { return {value ? "yes" : "no", value ? "true" : "false"}; }

Cell address_cell(const Address& address) { return text_cell(hex::checksummed(address)); }

Cell address_cell(std::string_view text) {
  const auto address = hex::parse_address(text);
  return address ? address_cell(*address) : text_cell(text);
}

Cell ait_cell(Amount amount) {
  const std::string digits = to_ait_string(amount);
  return {digits + " AIT", json_text(digits)};
}

Cell time_cell(std::uint64_t unix_seconds) {
  const auto moment = static_cast<time_t>(unix_seconds);
  tm parts{};
  char text[32] = "";
  if (::gmtime_r(&moment, &parts) == nullptr ||
      ::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts) == 0)
    return number_cell(unix_seconds);
  return {text, std::to_string(unix_seconds)};
}

std::string json_of(const Record& record) {
  JsonObject out;
  for (const NamedCell& each : record) out.raw(each.name.key, each.cell.json);
  return out.str();
}

void Output::line(std::string_view text) { out_ << text << '\n' << std::flush; }

void Output::record(const Record& record) {
  if (is_json()) return line(json_of(record));
  for (const NamedCell& each : record) out_ << each.name.title << ": " << each.cell.shown << '\n';
  out_ << std::flush;
}

void Output::table(const Table& table) {
  if (is_json()) {
    std::vector<std::string> rows;
    for (const auto& row : table.rows) {
      JsonObject object;
      for (std::size_t i = 0; i < row.size(); ++i) object.raw(table.columns[i].key, row[i].json);
      rows.push_back(object.str());
    }
    return line(json_array(rows));
  }
  if (table.rows.empty()) return line(table.when_empty);
  std::vector<std::vector<std::string>> lines;
  if (!table.is_tagged)
    for (auto& heading = lines.emplace_back(); const Column& column : table.columns)
      heading.push_back(column.title);
  const std::string tag = table.is_tagged ? table.columns[0].key + ": " : "";
  for (const auto& row : table.rows) {
    auto& cells = lines.emplace_back();
    for (const Cell& cell : row) cells.push_back(cell.shown);
  }
  std::vector<std::size_t> widths(table.columns.size(), 0);
  for (const auto& cells : lines)
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], width_of(cells[i]));
  for (const auto& cells : lines) out_ << tag << joined(cells, widths) << '\n';
  out_ << std::flush;
}

}  // namespace aitbc::cli
