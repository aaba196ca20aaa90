// What an event says about records, accounts and money, without decoding all of it.
#pragma once

#include <optional>
#include <vector>

#include "marketplace/abi.hpp"

namespace aitbc::search {

struct RecordRef {
  market::Kind kind{};
  std::uint64_t id = 0;
  auto operator<=>(const RecordRef&) const = default;
};

// Where the one-word arguments of an event stand.
class EventShape {
 public:
  explicit EventShape(const market::EventEntry& entry);

  std::string_view name() const { return entry_->name; }
  // Records that the event names, ascending, each once.
  std::vector<RecordRef> records(const Log& log) const;
  // Accounts that the event names, each once.
  std::vector<Address> accounts(const Log& log) const;
  // Precondition: the event has such an argument.
  Amount amount(const Log& log, std::string_view argument) const;
  std::uint64_t number(const Log& log, std::string_view argument) const;
  Address address(const Log& log, std::string_view argument) const;

 private:
  struct Field {
    std::string_view name;
    bool indexed = false;
    std::size_t place = 0;  // among the topics, or words of the data
    std::optional<market::Kind> id_kind;
    bool is_address = false;
    bool is_target = false;  // an id whose kind the argument before it tells
  };
  static ByteView word(const Log& log, const Field& field);
  const Field& field(std::string_view argument) const;
  // Of a target or subject: what the kind before it means.
  std::optional<market::Kind> target_kind(const Log& log, std::size_t index) const;

  const market::EventEntry* entry_;
  std::vector<Field> fields_;
};

// nullptr when the log is no event of the marketplace. Thread-safe.
const EventShape* shape_of(const Log& log);

}  // namespace aitbc::search
