// Reading JSON of a known shape strictly: every failure names the path of the key it is about.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace aitbc::genesis {

// Fails on anything but one JSON document whose objects have no key twice and whose numbers are 64-bit
// integers. Syntax errors name the line.
Result<boost::json::value> parse_strict_json(std::string_view text);

// Reads the members of one object by key and, at the end, refuses those that nobody read. The document must
// outlive it.
class ObjectReader {
 public:
  // The whole document. Fails unless it is an object.
  static Result<ObjectReader> root(const boost::json::value& document);

  bool has(std::string_view key) const;
  // Each fails when the key is missing or its value is not what is asked for.
  Result<ObjectReader> object(std::string_view key);
  Result<std::string> text(std::string_view key);
  Result<bool> boolean(std::string_view key);
  // An integer, or a string in decimal or 0x-hexadecimal.
  Result<std::uint64_t> u64(std::string_view key);
  // Base units in a string, decimal or 0x-hexadecimal: numbers of JSON readers are too narrow for money.
  Result<Amount> amount(std::string_view key);
  Result<Bytes> data(std::string_view key);
  Result<Address> address(std::string_view key);
  // The value as JSON text without white space. It must be an object.
  Result<std::string> object_text(std::string_view key);

  // Every key, in the order of the text; marks all as read.
  std::vector<std::string> keys();
  // Fails when a key was not read.
  Result<void> finish() const;

  std::string path_of(std::string_view key) const;
  Error wrong(std::string_view key, const std::string& what) const;

 private:
  ObjectReader(const boost::json::object& members, std::string path)
      : members_(&members), path_(std::move(path)) {}
  Result<const boost::json::value*> member(std::string_view key);

  const boost::json::object* members_;
  std::string path_;  // of this object; empty at the root
  std::set<std::string, std::less<>> read_;
};

}  // namespace aitbc::genesis
